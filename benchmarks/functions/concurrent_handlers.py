"""What serves several invocations at once: the same work, awaited or not."""

import asyncio
import time

import boto3

client = boto3.client("s3", region_name="us-east-1")


def handler(event, context):
    time.sleep(event["seconds"])
    return event


async def async_handler(event, context):
    await asyncio.sleep(event["seconds"])
    return event
