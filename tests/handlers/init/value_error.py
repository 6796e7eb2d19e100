def helper():
    raise ValueError("no luck today")


helper()
