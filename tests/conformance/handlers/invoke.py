"""Suite 5: chained invokes, and the functions that they invoke."""

import time

from aws_durable_execution_sdk_python import durable_execution
from aws_durable_execution_sdk_python.config import InvokeConfig
from aws_durable_execution_sdk_python.exceptions import InvokeError
from suite import SECOND, Encoded, Suite, fail

handler = Suite()


def await_caller():
    """Let the invocation of the caller end before this one, as the judge wants it."""
    time.sleep(1)


@durable_execution
def echo(event, context):
    await_caller()
    return event


@durable_execution
def failing(event, context):
    await_caller()
    fail()


@handler.requirement("5-1")
@handler.requirement("5-3")
@handler.requirement("5-4")
def basic(event, context):
    return context.invoke("echo", event)


@handler.requirement("5-2")
def named(event, context):
    return context.invoke("echo", event["payload"], name=event["name"])


@handler.requirement("5-5")
def target_fails(event, context):
    return context.invoke("failing", event)


@handler.requirement("5-6")
def failure_caught(event, context):
    try:
        return context.invoke("failing", event)
    except InvokeError:
        return "fallback"


@handler.requirement("5-7")
def large_payload(event, context):
    return len(context.invoke("echo", "x" * 1_000_000))


@handler.requirement("5-8")
def for_tenant(event, context):
    config = InvokeConfig(tenant_id=event["tenantId"])
    return context.invoke("echo", event["payload"], config=config)


@handler.requirement("5-9")
def then_wait(event, context):
    result = context.invoke("echo", event)
    context.wait(SECOND)
    return result


@handler.requirement("5-10")
def failure_replayed(event, context):
    try:
        result = context.invoke("failing", event)
    except InvokeError as error:
        result = str(error)
    context.wait(SECOND)
    return result


@handler.requirement("5-11")
def after_step(event, context):
    return context.invoke("echo", context.step(lambda _: "from the step"))


@handler.requirement("5-12")
def before_step(event, context):
    result = context.invoke("echo", "for the step")
    return context.step(lambda _: result)


@handler.requirement("5-13")
def in_child_context(event, context):
    return context.run_in_child_context(lambda child: child.invoke("echo", event))


@handler.requirement("5-14")
def one_after_another(event, context):
    return [context.invoke("echo", "first"), context.invoke("echo", "second")]


@handler.requirement("5-15")
def own_payload_serializer(event, context):
    config = InvokeConfig(serdes_payload=Encoded(lambda value: f'"{value["data"].upper()}"', str))
    return context.invoke("echo", event, config=config)


@handler.requirement("5-16")
def own_result_serializer(event, context):
    config = InvokeConfig(serdes_result=Encoded(str, str.upper))
    return context.invoke("echo", event, config=config)
