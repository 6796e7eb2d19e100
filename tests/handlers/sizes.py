"""Large payloads in and out."""


def length(event, context):
    return len(event)


def echo(event, context):
    return event


def of_size(event, context):
    return "x" * event


def bytes_of_size(event, context):
    return b"\xff" * event
