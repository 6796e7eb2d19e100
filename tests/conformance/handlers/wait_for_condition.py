"""Suite 6: waiting for a condition."""

from aws_durable_execution_sdk_python.config import Duration, JitterStrategy
from aws_durable_execution_sdk_python.waits import (
    WaitForConditionConfig,
    WaitStrategyConfig,
    create_wait_strategy,
)
from suite import Encoded, Suite, fail

handler = Suite()


def config(goes_on, initial, seconds=1, attempts=60, serdes=None):
    """Return the options of a poll at even intervals, as long as `goes_on` holds for the state."""
    strategy = WaitStrategyConfig(
        should_continue_polling=goes_on,
        max_attempts=attempts,
        initial_delay=Duration.from_seconds(seconds),
        backoff_rate=1,
        jitter_strategy=JitterStrategy.NONE,
    )
    return WaitForConditionConfig(create_wait_strategy(strategy), initial, serdes)


def count_to(context, limit, start=0, name=None, **options):
    """Poll until a count that begins at `start` reaches the limit."""
    return context.wait_for_condition(
        lambda state, _: state + 1,
        config(lambda state: state < limit, start, **options),
        name=name,
    )


@handler.requirement("6-1")
def basic(event, context):
    return count_to(context, event)


@handler.requirement("6-2")
def fulfilled(event, context):
    return context.wait_for_condition(
        lambda state, _: state, config(lambda state: state < event, 5)
    )


@handler.requirement("6-3")
def named(event, context):
    return count_to(context, 2, name="poll-status")


@handler.requirement("6-4")
def initial_state(event, context):
    return count_to(context, event, start=5)


@handler.requirement("6-5")
def fixed_delay(event, context):
    return count_to(context, event, seconds=2)


@handler.requirement("6-6")
def exhausted(event, context):
    return count_to(context, 1_000, start=event, attempts=3)


@handler.requirement("6-7")
def check_fails(event, context):
    return context.wait_for_condition(lambda state, _: fail(), config(lambda state: True, 0))


@handler.requirement("6-8")
def failure_caught(event, context):
    try:
        return check_fails(event, context)
    except Exception:  # whatever the SDK makes of the error of the check
        return "recovered"


@handler.requirement("6-9")
def structured_state(event, context):
    def check(state, _):
        attempts = state["attempts"] + 1
        return {"status": "DONE" if attempts == 2 else "PENDING", "attempts": attempts}

    initial = {"status": "PENDING", "attempts": 0}
    return context.wait_for_condition(
        check, config(lambda state: state["status"] == "PENDING", initial)
    )


@handler.requirement("6-10")
def no_state(event, context):
    return context.wait_for_condition(lambda state, _: None, config(lambda state: False, "some"))


@handler.requirement("6-11")
def own_serializer(event, context):
    serdes = Encoded(lambda text: f"<{text}>", lambda data: data[1:-1])
    return context.wait_for_condition(
        lambda state, _: state + "x", config(lambda state: len(state) < 2, "", serdes=serdes)
    )


@handler.requirement("6-12")
def then_step(event, context):
    count = count_to(context, event)
    return context.step(lambda _: count * 10)


@handler.requirement("6-13")
def one_after_another(event, context):
    return count_to(context, 4, start=count_to(context, 2))
