"""A function that answers every HTTP request, whatever its front door."""

from __future__ import annotations

RESULT = {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "ok"}


def handler(event, context):
    return RESULT
