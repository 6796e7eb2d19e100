"""For tests of handlers, and of runtimes."""
