from __future__ import annotations

import pytest

from lambda_ric.testing import Emulator

ORDER = {"id": 7, "items": ["tea"], "total": 12}


@pytest.fixture(scope="module")
def emulator():
    with Emulator("app.handler", durable=True, skip_time=True) as running:
        yield running


def start(emulator, order):
    arn = emulator.invoke(order, invocation_type="Event").durable_execution_arn
    return arn, emulator.executions.wait_for_callback(arn)


def test_an_approved_order_is_charged_although_the_terminal_was_busy(emulator):
    arn, approval = start(emulator, {**ORDER, "busy": 2})
    emulator.executions.succeed(approval, {"approved": True})
    ended = emulator.executions.wait(arn)
    assert ended.result == {"order": 7, "status": "approved", "items": ["tea"], "charged": 12}
    assert ended.events.count("StepFailed") == 2


def test_a_rejected_order_is_not_charged(emulator):
    arn, approval = start(emulator, ORDER)
    emulator.executions.succeed(approval, {"approved": False})
    assert emulator.executions.wait(arn).result == {"order": 7, "status": "rejected"}


def test_an_order_that_nobody_approves_fails_after_a_week(emulator):
    arn, _ = start(emulator, ORDER)
    emulator.advance(8 * 86_400)
    ended = emulator.executions.wait(arn)
    assert (ended.status, ended.error["ErrorMessage"]) == ("FAILED", "Callback timed out")
