"""A tool in small: it wraps what it finds in `__main__.bootstrap`, as Sentry's does."""

import os

import __main__
from lambda_ric import StreamingResponse

seen = []


def wrap():
    bootstrap = __main__.bootstrap
    original = bootstrap.handle_event_request
    post_result = bootstrap.LambdaRuntimeClient.post_invocation_result

    def handle_event_request(client, request_handler, *arguments):
        def watched(event, context):
            seen.append("begins")
            try:
                return request_handler(event, context)
            except Exception as error:
                seen.append(f"fails: {error}")
                raise
            finally:
                seen.append("ends")

        return original(client, watched, *arguments)

    def post_invocation_result(*arguments):
        seen.append("sent")
        return post_result(*arguments)

    bootstrap.handle_event_request = handle_event_request
    bootstrap.LambdaRuntimeClient.post_invocation_result = post_invocation_result


if os.environ.get("WRAP") == "at import":
    wrap()


def tell(event):
    """Return what the tool has seen, or None for an event that asks for something else."""
    if event in ("wrap", "wrap and fail"):
        wrap()
    if event == "wrap and fail":
        raise ValueError("after the tool was set up")
    if event != "tell":
        return None
    told = [*seen]
    seen.clear()
    return told


def handler(event, context):
    return tell(event)


async def coroutine(event, context):
    import asyncio  # not at the top, since it takes longer to import than all the rest

    await asyncio.sleep(0.01)
    seen.append("awaited")
    if event == "fail":
        raise ValueError("late")
    return tell(event)


def generator(event, context):
    yield "one "
    seen.append("yielded")
    if event == "fail":
        raise ValueError("late")
    yield str(tell(event))


def response(event, context):
    return StreamingResponse(generator(event, context))
