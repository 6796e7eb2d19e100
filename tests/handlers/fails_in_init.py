raise ValueError("in init")
