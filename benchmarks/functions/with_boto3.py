"""A function that makes an AWS client, as most functions with state do."""

import boto3

table = boto3.client("dynamodb", region_name="us-east-1")


def handler(event, context):
    return event
