"""With Sentry's integration; LATE sets it up in the first invocation, FAIL_INIT fails after it."""

import asyncio
import os
import time

import sentry_sdk
import shop
from sentry_sdk.integrations.aws_lambda import AwsLambdaIntegration


def set_up():
    sentry_sdk.init(
        dsn=os.environ["DSN"],
        traces_sample_rate=1.0,
        integrations=[AwsLambdaIntegration(timeout_warning=True)],
    )


if not os.environ.get("LATE"):
    set_up()
if os.environ.get("FAIL_INIT"):
    raise RuntimeError("no stock")


def handler(event, context):
    if event.get("set up"):
        set_up()
        sentry_sdk.capture_message("set up")
    if "sleep" in event:
        time.sleep(event["sleep"])
    return shop.handler(event, context)


async def coroutine(event, context):
    await asyncio.sleep(0.01)
    return shop.handler(event, context)


async def slow_coroutine(event, context):
    await asyncio.sleep(event["sleep"])


def generator(event, context):
    yield "begun "
    yield str(shop.handler(event, context))


async def async_generator(event, context):
    yield "begun "
    await asyncio.sleep(0.01)
    yield str(shop.handler(event, context))
