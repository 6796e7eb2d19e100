"""A function that imports nothing and is async."""


async def handler(event, context):
    return event
