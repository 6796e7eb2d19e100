"""A function with Powertools' logger, metrics and event handler."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="benchmark")
metrics = Metrics(namespace="benchmark", service="benchmark")
app = APIGatewayHttpResolver()


@app.get("/items/<number>")
def read(number: str) -> dict:
    return {"id": number}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict, context: LambdaContext) -> dict:
    return app.resolve(event, context)
