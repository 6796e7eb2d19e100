import sys


def handler(event, context):
    return "asyncio" in sys.modules


def stream(event, context):
    yield str("asyncio" in sys.modules)
