"""A function that streams: pieces that tell when they were yielded, or many bytes."""

import time


def handler(event, context):
    if "pieces" in event:
        for _ in range(event["pieces"]):
            yield b"<%d>" % time.monotonic_ns()
            time.sleep(0.005)
    for _ in range(event.get("blocks", 0)):
        yield b"x" * 65_536
