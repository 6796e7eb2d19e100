"""Suite 3: child contexts."""

import os
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from aws_durable_execution_sdk_python.config import ChildConfig
from aws_durable_execution_sdk_python.exceptions import ChildContextError
from suite import NO_RETRY, SECOND, UPPER_CASE, Suite, fail, fails_at_first, retries

handler = Suite()


@handler.requirement("3-1")
def basic(event, context):
    return context.run_in_child_context(lambda child: child.step(lambda _: event))


@handler.requirement("3-2")
def named(event, context):
    def inside(child):
        return child.step(lambda _: event["value"])

    return context.run_in_child_context(inside, name=event["name"])


@handler.requirement("3-3")
def dependent_steps(event, context):
    def inside(child):
        first = child.step(lambda _: event)
        return child.step(lambda _: first)

    return context.run_in_child_context(inside, name="dependent")


@handler.requirement("3-4")
def failing_step(event, context):
    def inside(child):
        return child.step(lambda _: fail(), config=NO_RETRY)

    return context.run_in_child_context(inside, name="failing")


@handler.requirement("3-5")
def failure_caught(event, context):
    try:
        context.run_in_child_context(lambda child: child.step(lambda _: fail(), config=NO_RETRY))
    except ChildContextError:
        return context.step(lambda _: event)


@handler.requirement("3-6")
def nested(event, context):
    def inner(child):
        return child.step(lambda _: event)

    def outer(child):
        child.step(lambda _: event)
        return child.run_in_child_context(inner, name="inner")

    return context.run_in_child_context(outer, name="outer")


@handler.requirement("3-7")
def retried_step(event, context):
    def inside(child):
        return child.step(fails_at_first(event), config=retries(2))

    return context.run_in_child_context(inside, name="retried")


@handler.requirement("3-8")
def exhausted_step(event, context):
    def inside(child):
        return child.step(lambda _: fail(), config=retries(2))

    return context.run_in_child_context(inside, name="exhausted")


@handler.requirement("3-9")
def replayed(event, context):
    result = context.run_in_child_context(lambda child: child.step(lambda _: event))
    context.wait(SECOND)
    return result


@handler.requirement("3-10")
def step_and_wait(event, context):
    def inside(child):
        result = child.step(lambda _: event)
        child.wait(SECOND)
        return result

    return context.run_in_child_context(inside, name="step and wait")


@handler.requirement("3-11")
def large_result(event, context):
    def inside(child):
        child.logger.info(event)
        return child.step(lambda _: "part") * 100_000

    result = context.run_in_child_context(inside, name="large")
    context.wait(SECOND)
    return len(result)


@handler.requirement("3-12")
def interrupted(event, context):
    """The attempt stays the same, so a file tells the second run of the step from the first."""
    name = sha256(context.execution_context.durable_execution_arn.encode()).hexdigest()
    mark = Path(tempfile.gettempdir()) / f"conformance-{name}"

    def crash_at_first(_):
        if not mark.exists():
            mark.touch()
            time.sleep(1)  # the SDK reports the start of a step in the background
            os._exit(1)
        mark.unlink()
        return event

    return context.run_in_child_context(lambda child: child.step(crash_at_first))


@handler.requirement("3-13")
def wait_inside(event, context):
    def inside(child):
        child.wait(SECOND)
        return event

    result = context.run_in_child_context(inside, name="wait")
    return context.step(lambda _: result)


@handler.requirement("3-14")
def own_serializer(event, context):
    def inside(child):
        return child.step(lambda _: event)

    return context.run_in_child_context(
        inside, name="serialized", config=ChildConfig(serdes=UPPER_CASE)
    )


@handler.requirement("3-15")
def failure_without_step(event, context):
    return context.run_in_child_context(lambda child: fail(), name="failing")


@handler.requirement("3-16")
def no_result(event, context):
    return context.run_in_child_context(lambda child: None, name="nothing")


@handler.requirement("3-17")
def only_logs(event, context):
    def inside(child):
        child.logger.info(event)
        return event

    result = context.run_in_child_context(inside, name="logs")
    context.wait(SECOND)
    return result


@handler.requirement("3-18")
def inside_and_after(event, context):
    def inside(child):
        inner = child.step(lambda _: event)
        child.wait(SECOND)
        return inner

    result = context.run_in_child_context(inside, name="inside")
    outer = context.step(lambda _: result)
    context.wait(SECOND)
    return outer
