"""A client of Lambda's Invoke API: for the `invoke` command, and for tests of functions."""
