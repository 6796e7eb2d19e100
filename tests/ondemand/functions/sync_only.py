import sys


def handler(event, context):
    return "asyncio" in sys.modules
