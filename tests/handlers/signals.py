import signal
import sys

signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(7))


def handler(event, context):
    return None
