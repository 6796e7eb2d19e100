"""With Powertools: logger, metrics and tracer."""

import shop
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="shop")
metrics = Metrics(namespace="shop", service="shop")
tracer = Tracer(service="shop")


@logger.inject_lambda_context(log_event=True)
@metrics.log_metrics(capture_cold_start_metric=True)
@tracer.capture_lambda_handler
def handler(event, context):
    metrics.add_metric(name="Sold", unit=MetricUnit.Count, value=1)
    logger.info("selling", extra={"item": event.get("item")})
    return shop.handler(event, context)
