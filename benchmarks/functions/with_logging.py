"""A function that imports what most functions import."""

import json
import logging

logger = logging.getLogger()


def handler(event, context):
    return json.loads(json.dumps(event))
