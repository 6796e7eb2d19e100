"""An order that waits for an approval: it may take days, and survives failures on the way."""

from __future__ import annotations

import json
from typing import Any

from aws_durable_execution_sdk_python import DurableContext, StepContext, durable_execution
from aws_durable_execution_sdk_python.config import Duration, StepConfig, WaitForCallbackConfig
from aws_durable_execution_sdk_python.retries import RetryStrategyConfig, create_retry_strategy


class TerminalBusy(Exception):
    """The payment service cannot take the payment now."""


RETRIES = create_retry_strategy(
    RetryStrategyConfig(max_attempts=4, initial_delay=Duration.from_seconds(10))
)
APPROVAL = WaitForCallbackConfig(timeout=Duration.from_days(7))


def charge(order: dict[str, Any], attempt: int) -> dict[str, Any]:
    if attempt <= order.get("busy", 0):
        raise TerminalBusy("try again later")
    return {"charged": order["total"]}


@durable_execution
def handler(order: dict[str, Any], context: DurableContext) -> dict[str, Any]:
    def reserve(_: StepContext) -> list[str]:
        return order["items"]

    def ask(callback_id: str, _: Any) -> None:
        print(f"please approve order {order['id']}")  # or send the id by mail

    def pay(step: StepContext) -> dict[str, Any]:
        return charge(order, step.attempt)

    reserved = context.step(reserve, name="reserve")
    answer = context.wait_for_callback(ask, name="approval", config=APPROVAL)
    if not json.loads(answer or "{}").get("approved"):
        return {"order": order["id"], "status": "rejected"}
    payment = context.step(pay, name="charge", config=StepConfig(retry_strategy=RETRIES))
    context.wait(Duration.from_days(1), name="cooling-off")
    return {"order": order["id"], "status": "approved", "items": reserved, **payment}
