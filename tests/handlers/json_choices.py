from __future__ import annotations

import datetime
import os

import orjson

from lambda_ric import use_json


def strict(value):
    raise TypeError("too strict")


CHOICES = {
    "orjson": {"loads": orjson.loads, "dumps": orjson.dumps},
    "default": {"default": str},
    "orjson default": {"dumps": lambda value: orjson.dumps(value, default=str)},
    "failing": {"loads": strict, "dumps": strict},
    "bad dumps": {"dumps": lambda value: 5},
    "back": {},
}
if os.environ["JSON"] == "back":
    use_json(loads=strict, dumps=strict, default=strict)
use_json(**CHOICES[os.environ["JSON"]])


def handler(event, context):
    if event == "date":
        return {"at": datetime.date(2026, 1, 2), "nested": [datetime.date(2026, 1, 3)]}
    if event == "set":
        return {1, 2}
    return event


def stream(event, context):
    yield event["text"]
