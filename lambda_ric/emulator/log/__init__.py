"""The log of functions: platform events, records of output, and the subscribers that show them."""
