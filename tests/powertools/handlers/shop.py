"""A function as users of Powertools write it: logger, tracer, metrics, routes and batches."""

from __future__ import annotations

import asyncio
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, LambdaFunctionUrlResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    AsyncBatchProcessor,
    BatchProcessor,
    EventType,
    async_process_partial_response,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from lambda_ric import LambdaContext

logger = Logger(service="shop", level="INFO")
tracer = Tracer(service="shop")
metrics = Metrics(service="shop", namespace="Shop")
app = APIGatewayRestResolver()
url = LambdaFunctionUrlResolver()


@app.get("/orders/<number>")
@url.get("/orders/<number>")
def order(number: str) -> dict[str, str]:
    logger.info("order asked for", extra={"number": number})
    return {"order": number}


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
@tracer.capture_lambda_handler
def rest(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    metrics.add_metric(name="Orders", unit=MetricUnit.Count, value=1)
    answer: dict[str, Any] = app.resolve(event, context)
    return answer


def function_url(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    answer: dict[str, Any] = url.resolve(event, context)
    return answer


def take(record: SQSRecord) -> str:
    if record.body == "bad":
        raise ValueError("a bad record")
    return record.body


async def take_async(record: SQSRecord) -> str:
    await asyncio.sleep(0)
    return take(record)


def batch(event: dict[str, Any], context: LambdaContext) -> Any:
    processor = BatchProcessor(event_type=EventType.SQS)
    return process_partial_response(event, take, processor, context)


def async_batch(event: dict[str, Any], context: LambdaContext) -> Any:
    processor = AsyncBatchProcessor(event_type=EventType.SQS)
    return async_process_partial_response(event, take_async, processor, context)


@event_source(data_class=SQSEvent)
def data_class(event: SQSEvent, context: LambdaContext) -> list[str]:
    return [record.body for record in event.records]
