"""Our context where Powertools asks for its own, and the other way round. Checked, never run."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,  # pyright: ignore[reportUnknownVariableType]
)
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
)
from aws_lambda_powertools.utilities.typing import LambdaContext as PowertoolsContext
from typing_extensions import assert_type

from lambda_ric import LambdaContext
from lambda_ric.testing import fake_context, invoke

app = APIGatewayHttpResolver()
processor = BatchProcessor(event_type=EventType.SQS)
logger = Logger()
tracer = Tracer()
metrics = Metrics()
idempotency = IdempotencyConfig()


def resolve(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    assert_type(context.function_name, str | None)
    return app.resolve(event, context)


def batch(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(event, print, processor, context=context)


def register(event: dict[str, Any], context: LambdaContext) -> None:
    idempotency.register_lambda_context(context)
    print(context.remaining)  # type: ignore[attr-defined]  # pyright: ignore


@idempotent(persistence_store=DynamoDBPersistenceLayer("table"))
def once(event: dict[str, Any], context: LambdaContext) -> str:
    return "a"


def theirs(event: dict[str, Any], context: PowertoolsContext) -> int:
    return 1


assert_type(theirs({}, fake_context()), int)
assert_type(invoke(theirs, {}, fake_context()).logs, str)
number: int = fake_context()  # type: ignore[assignment]  # pyright: ignore


@idempotent(persistence_store=DynamoDBPersistenceLayer("table"))
def theirs_once(event: dict[str, Any], context: PowertoolsContext) -> str:
    return "a"
