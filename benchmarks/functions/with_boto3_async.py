"""A function that makes an AWS client and is async."""

import boto3

table = boto3.client("dynamodb", region_name="us-east-1")


async def handler(event, context):
    return event
