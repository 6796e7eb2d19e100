import asyncio
import contextlib

from lambda_ric import on_shutdown

kept = []


async def background():
    try:
        await asyncio.sleep(3600)
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        print("background ended")


async def handler(event, context):
    kept.append(asyncio.create_task(background()))
    await asyncio.sleep(0)


@on_shutdown
def nothing():
    pass
