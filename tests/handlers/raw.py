"""Tells what the handler was given, as Python writes it."""


def handler(event, context):
    return f"{type(event).__name__} {event!a}"
