def fail():
    raise ValueError("in a file of that name")


def handler(event, context):
    if event == "same file only":
        fail()
    from bootstrap_named import other

    other.fail()
