"""A function that lets orjson read its events and write its results."""

import orjson

from lambda_ric import use_json

use_json(loads=orjson.loads, dumps=orjson.dumps)


def handler(event, context):
    return event
