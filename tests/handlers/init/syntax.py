import os

def handler(event, context)
    return event
