"""A function that imports nothing."""


def handler(event, context):
    return event
