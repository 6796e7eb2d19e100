"""The log of functions: platform events, records of output, and whoever shows them."""
