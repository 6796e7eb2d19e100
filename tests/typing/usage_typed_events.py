"""Typed events of other packages with our context. Checked, never run."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes import SQSEvent
from aws_lambda_typing.events import APIGatewayProxyEventV2, S3Event
from aws_lambda_typing.responses import APIGatewayProxyResponseV2
from typing_extensions import assert_type

from lambda_ric import Handler, LambdaContext


def sources(event: S3Event, context: LambdaContext) -> list[str]:
    return [record.get("eventSource", "") for record in event.get("Records", [])]


def page(event: APIGatewayProxyEventV2, context: LambdaContext) -> APIGatewayProxyResponseV2:
    path = event.get("rawPath", "/")
    assert_type(path, str)
    return {"statusCode": 200, "body": path}


def bodies(event: dict[str, Any], context: LambdaContext) -> list[str]:
    return [record.body for record in SQSEvent(event).records]


of_sources: Handler[S3Event, list[str]] = sources
of_page: Handler[APIGatewayProxyEventV2, APIGatewayProxyResponseV2] = page
of_bodies: Handler[dict[str, Any], list[str]] = bodies
