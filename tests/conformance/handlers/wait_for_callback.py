"""Suite 7: waiting for callbacks."""

from aws_durable_execution_sdk_python.config import Duration, WaitForCallbackConfig
from aws_durable_execution_sdk_python.exceptions import CallbackError
from aws_durable_execution_sdk_python.serdes import JsonSerDes
from suite import SECOND, Suite, fail, retries

handler = Suite()


def submit(callback_id, context):
    """Tell nobody: the judge reads the id in the history."""


@handler.requirement("7-1")
@handler.requirement("7-4")
@handler.requirement("7-15")
def basic(event, context):
    return context.wait_for_callback(submit, name=event)


@handler.requirement("7-2")
def named(event, context):
    return context.wait_for_callback(submit, name="approval")


@handler.requirement("7-3")
def unnamed(event, context):
    return context.wait_for_callback(lambda callback_id, _: None)


@handler.requirement("7-5")
def times_out(event, context):
    config = WaitForCallbackConfig(timeout=Duration.from_seconds(3))
    return context.wait_for_callback(submit, name=event, config=config)


@handler.requirement("7-6")
def failure_caught(event, context):
    try:
        return basic(event, context)
    except CallbackError:
        return "recovered"


@handler.requirement("7-7")
def submitter_fails(event, context):
    config = WaitForCallbackConfig(retry_strategy=retries(2).retry_strategy)
    return context.wait_for_callback(lambda callback_id, _: fail(), name=event, config=config)


@handler.requirement("7-8")
def in_child_context(event, context):
    return context.run_in_child_context(lambda child: basic(event, child), name="wrapper")


@handler.requirement("7-9")
def one_after_another(event, context):
    basic("first", context)
    return basic("second", context)


@handler.requirement("7-10")
def after_wait_and_step(event, context):
    context.wait(SECOND)
    context.step(lambda _: "fixed data")
    return basic(event, context)


@handler.requirement("7-11")
def reads_json(event, context):
    config = WaitForCallbackConfig(serdes=JsonSerDes())
    return context.wait_for_callback(submit, name=event, config=config)["status"]


def with_heartbeat(event, context, seconds):
    config = WaitForCallbackConfig(heartbeat_timeout=Duration.from_seconds(seconds))
    return context.wait_for_callback(submit, name=event, config=config)


@handler.requirement("7-12")
def heart_stops(event, context):
    return with_heartbeat(event, context, 5)


@handler.requirement("7-13")
def heart_beats(event, context):
    return with_heartbeat(event, context, 10)


@handler.requirement("7-14")
def timeout_caught(event, context):
    try:
        return times_out(event, context)
    except CallbackError:
        return "timed-out-handled"
