"""Invoked by the pipeline when the alias canary has moved: does the new runtime work?"""

import sys

import greetings
import organisation


def handler(event, context):
    assert greetings.hello("canary") == "Hello, canary!", "layers are not found"
    return {
        "on": organisation.runtime(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "searched_first": sys.path[:3],
    }
