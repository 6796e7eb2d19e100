"""Handlers of the kinds that awslambdaric does not know."""


async def awaited(event, context):
    return {"awaited": event}


async def awaited_failure(event, context):
    raise ValueError("while awaited")


def generated(event, context):
    yield b"one "
    yield "two"


def generated_failure(event, context):
    yield "begun"
    raise ValueError("within the stream")


async def generated_async(event, context):
    yield "one "
    yield b"two"
