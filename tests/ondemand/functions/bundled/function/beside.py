"""An installed module in the folder of the function."""

VALUE = 1
