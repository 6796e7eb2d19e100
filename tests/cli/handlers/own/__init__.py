"""A package of the function."""
