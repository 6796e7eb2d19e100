error = ValueError("noted")
if hasattr(error, "add_note"):
    error.add_note("see the manual")
raise error
