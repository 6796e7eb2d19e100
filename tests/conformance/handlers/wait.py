"""Suite 2: waits."""

from aws_durable_execution_sdk_python.config import Duration
from suite import TWO_SECONDS, Suite

handler = Suite()


@handler.requirement("2-1")
def basic(event, context):
    context.wait(TWO_SECONDS)


@handler.requirement("2-2")
def named(event, context):
    context.wait(TWO_SECONDS, name="custom_wait_name")


@handler.requirement("2-3")
def one_after_another(event, context):
    context.wait(TWO_SECONDS, name="wait-1")
    context.wait(TWO_SECONDS, name="wait-2")
    return {"completedWaits": 2}


@handler.requirement("2-4")
def minutes(event, context):
    context.wait(Duration.from_minutes(1))


@handler.requirement("2-5")
def hours(event, context):
    context.wait(Duration.from_hours(1))
