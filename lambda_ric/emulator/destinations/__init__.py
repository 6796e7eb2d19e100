"""Destinations of asynchronous invokes: the records of their ends, and who gets them."""
