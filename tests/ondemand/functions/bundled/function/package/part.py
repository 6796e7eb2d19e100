"""Fails a few frames down."""


def fail(depth: int) -> None:
    if depth:
        fail(depth - 1)
    raise ValueError("deep down")
