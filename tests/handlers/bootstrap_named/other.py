def fail():
    raise ValueError("beyond a file of that name")
