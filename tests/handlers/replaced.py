"""Replaces what monitoring tools replace in AWS's client; each replacement says that it is called.

With REPLACE=late this happens in the first invocation, with FAIL_INIT an error follows it.
"""

import functools
import os

from awslambdaric import bootstrap
from awslambdaric.lambda_context import LambdaContext
from awslambdaric.lambda_runtime_exception import FaultException
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

FUNCTIONS = ("handle_event_request", "create_lambda_context", "make_error", "log_error", "to_json")
METHODS = ("post_init_error", "post_invocation_result", "post_invocation_error")


def wrap(owner, name):
    original = getattr(owner, name)

    @functools.wraps(original)
    def replacement(*arguments, **named):
        print("called", name, len(arguments) + len(named))
        return original(*arguments, **named)

    setattr(owner, name, replacement)


class Marshaller(LambdaMarshaller):
    def unmarshal_request(self, request, content_type="application/json"):
        return {"read": super().unmarshal_request(request, content_type)}

    def marshal_response(self, response):
        text, content_type = super().marshal_response(response)
        return text.upper(), content_type


class Context(LambdaContext):
    def shout(self):
        return self.aws_request_id.upper()


def replace(functions):
    for name in functions:
        wrap(bootstrap, name)
    for name in METHODS:
        wrap(bootstrap.LambdaRuntimeClient, name)
    bootstrap.LambdaRuntimeClient.marshaller = Marshaller()
    bootstrap.LambdaContext = Context


def handler(event, context):
    if bootstrap.LambdaContext is LambdaContext:
        replace(FUNCTIONS)
        return "replaced now"
    event = event["read"]
    if event == "fault":
        raise FaultException("Runtime.OfATool", "of a tool", ["line 1", "line 2"])
    if event == "error":
        raise ValueError("boom")
    if event == "fields":
        fault = FaultException("a", "b")
        return [fault.exception_type, fault.msg, isinstance(context, LambdaContext)]
    return [event, context.shout()]


if os.environ.get("FAIL_INIT"):
    replace(["log_error"])
    raise RuntimeError("boom")
if os.environ.get("REPLACE") != "late":
    replace(FUNCTIONS)
