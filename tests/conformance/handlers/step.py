"""Suite 1: steps."""

import os

from aws_durable_execution_sdk_python.config import (
    Duration,
    JitterStrategy,
    StepConfig,
    StepSemantics,
)
from aws_durable_execution_sdk_python.exceptions import StepError
from aws_durable_execution_sdk_python.retries import (
    RetryDecision,
    RetryStrategyConfig,
    create_retry_strategy,
)
from suite import NO_RETRY, SECOND, TWO_SECONDS, UPPER_CASE, Suite, fail, fails_at_first, retries

handler = Suite()


class TransientError(Exception):
    """An error that goes away."""


@handler.requirement("1-1")
def basic(event, context):
    return context.step(lambda _: f"Hello, {event}!")


@handler.requirement("1-2")
def named(event, context):
    return context.step(lambda _: f"Hello, {event}!", name="custom_step_name")


@handler.requirement("1-3")
def dependent(event, context):
    first = context.step(lambda _: "first")
    return context.step(lambda _: f"{first}_second")


@handler.requirement("1-4")
def complex_result(event, context):
    return context.step(lambda _: {"user": event, "count": len(event["tags"])})


@handler.requirement("1-5")
def no_result(event, context):
    return context.step(lambda _: None)


@handler.requirement("1-6")
def own_serializer(event, context):
    return context.step(lambda _: event, config=StepConfig(serdes=UPPER_CASE))


@handler.requirement("1-7")
def logs(event, context):
    def greet(step):
        step.logger.info("Greeting step started for: %s", event)
        greeting = f"Hello, {event}!"
        step.logger.info("Greeting step completed with: %s", greeting)
        return greeting

    return context.step(greet)


@handler.requirement("1-8")
def then_wait(event, context):
    result = context.step(lambda _: "computed")
    context.wait(TWO_SECONDS)
    return result


@handler.requirement("1-9")
def replayed(event, context):
    def once(step):
        step.logger.info("step executed")
        return "cached_value"

    result = context.step(once)
    context.wait(SECOND)
    return result


@handler.requirement("1-10")
def failure_replayed(event, context):
    def once(step):
        step.logger.info("step executed")
        fail()

    try:
        context.step(once, config=NO_RETRY)
    except StepError as error:
        message = str(error)
    context.wait(SECOND)
    return message


@handler.requirement("1-11")
def retried(event, context):
    return context.step(fails_at_first("Operation succeeded"), config=retries(2))


@handler.requirement("1-12")
def exhausted(event, context):
    return context.step(lambda _: fail(), config=retries(4))


def fails_twice(step):
    return fail() if step.attempt < 3 else "done"


@handler.requirement("1-13")
def default_retries(event, context):
    return context.step(fails_twice)


@handler.requirement("1-14")
def backoff(event, context):
    strategy = create_retry_strategy(
        RetryStrategyConfig(
            max_attempts=5,
            initial_delay=Duration.from_seconds(2),
            backoff_rate=3,
            jitter_strategy=JitterStrategy.NONE,
        )
    )
    return context.step(fails_twice, config=StepConfig(retry_strategy=strategy))


def transient_at_first(step):
    if step.attempt == 1:
        raise TransientError("try again")
    return "done"


@handler.requirement("1-15")
def retries_transient_errors(event, context):
    def strategy(error, attempt):
        if isinstance(error, TransientError):
            return RetryDecision.retry(SECOND)
        return RetryDecision.no_retry()

    return context.step(transient_at_first, config=StepConfig(retry_strategy=strategy))


@handler.requirement("1-16")
def does_not_retry_transient_errors(event, context):
    def strategy(error, attempt):
        if isinstance(error, TransientError):
            return RetryDecision.no_retry()
        return RetryDecision.retry(SECOND)

    return context.step(transient_at_first, config=StepConfig(retry_strategy=strategy))


def at_most_once(config):
    semantics = StepSemantics.AT_MOST_ONCE_PER_RETRY
    return StepConfig(retry_strategy=config.retry_strategy, step_semantics=semantics)


@handler.requirement("1-17")
def interrupted(event, context):
    def crash(step):
        step.logger.info(event)
        os._exit(1)

    return context.step(crash, name="at_most_once_flaky_step", config=at_most_once(NO_RETRY))


@handler.requirement("1-18")
def interrupted_and_retried(event, context):
    def crash_at_first(step):
        step.logger.info(event)
        if step.attempt == 1:
            os._exit(1)
        return "succeeded on second attempt"

    return context.step(crash_at_first, config=at_most_once(retries(2)))


@handler.requirement("1-19")
def fails(event, context):
    return context.step(lambda _: fail(), config=NO_RETRY)


@handler.requirement("1-20")
def failure_caught(event, context):
    try:
        result = context.step(lambda _: fail(), config=NO_RETRY)
    except StepError:
        result = "fallback_result"
    return context.step(lambda _: result)
