"""A module of the function's own."""

VALUE = "first"
