"""Suite 4: callbacks."""

import json
from datetime import datetime

from aws_durable_execution_sdk_python.config import CallbackConfig, Duration
from aws_durable_execution_sdk_python.exceptions import CallbackError
from suite import Encoded, Suite

handler = Suite()


def seconds(number):
    return Duration.from_seconds(number)


def timeout(number):
    return CallbackConfig(timeout=seconds(number))


def heartbeat(number):
    return CallbackConfig(heartbeat_timeout=seconds(number))


@handler.requirement("4-1")
@handler.requirement("4-6")
def basic(event, context):
    return context.create_callback(name=event).result()


@handler.requirement("4-2")
def named(event, context):
    return context.create_callback(name="approval").result()


@handler.requirement("4-3")
def times_out(event, context):
    return context.create_callback(name=event, config=timeout(5)).result()


@handler.requirement("4-4")
def heart_stops(event, context):
    return context.create_callback(name=event, config=heartbeat(5)).result()


@handler.requirement("4-5")
def heart_beats(event, context):
    return context.create_callback(name=event, config=heartbeat(10)).result()


@handler.requirement("4-7")
def step_before_result(event, context):
    callback = context.create_callback(name=event)
    context.step(lambda _: "submitted")
    return callback.result()


@handler.requirement("4-8")
def step_before_timeout(event, context):
    callback = context.create_callback(name=event, config=timeout(5))
    context.step(lambda _: "submitted")
    return callback.result()


@handler.requirement("4-9")
@handler.requirement("4-10")
def wait_before_result(event, context):
    callback = context.create_callback(name=event)
    context.wait(seconds(5))
    return callback.result()


@handler.requirement("4-11")
def wait_past_timeout(event, context):
    callback = context.create_callback(name=event, config=timeout(3))
    context.wait(seconds(6))
    return callback.result()


@handler.requirement("4-12")
def wait_after_result(event, context):
    result = context.create_callback(name=event).result()
    context.wait(seconds(2))
    return result


def caught(context, callback):
    try:
        result = callback.result()
    except CallbackError as error:
        result = str(error)
    context.wait(seconds(2))
    return result


@handler.requirement("4-13")
def failure_caught(event, context):
    return caught(context, context.create_callback(name=event))


@handler.requirement("4-14")
def timeout_caught(event, context):
    return caught(context, context.create_callback(name=event, config=timeout(3)))


def read_order(data):
    order = json.loads(data)
    order["timestamp"] = datetime.fromisoformat(order["timestamp"])
    return order


@handler.requirement("4-15")
def reads_date(event, context):
    config = CallbackConfig(serdes=Encoded(json.dumps, read_order))
    received = context.create_callback(name=event, config=config).result()
    return {"received": {**received, "timestamp": int(received["timestamp"].timestamp())}}


@handler.requirement("4-16")
def reads_number(event, context):
    config = CallbackConfig(serdes=Encoded(str, int))
    count = context.create_callback(name=event, config=config).result()
    return {"count": count, "doubled": 2 * count}


@handler.requirement("4-17")
def one_after_another(event, context):
    return [context.create_callback(name=name).result() for name in event]


@handler.requirement("4-18")
def both_at_once(event, context):
    first, second = [context.create_callback(name=name) for name in event]
    return [first.result(), second.result()]


@handler.requirement("4-19")
def second_first(event, context):
    first, second = [context.create_callback(name=name) for name in event]
    late = second.result()
    return [first.result(), late]
