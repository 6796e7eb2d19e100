"""Tells what the context holds: the event names what is asked."""

import os
import time


def attributes(context):
    names = [
        "aws_request_id",
        "log_group_name",
        "log_stream_name",
        "function_name",
        "memory_limit_in_mb",
        "function_version",
        "invoked_function_arn",
        "tenant_id",
    ]
    return {name: getattr(context, name, "absent") for name in names}


def types(context):
    return [type(value).__name__ for value in attributes(context).values()]


def public_names(context):
    return sorted(name for name in dir(context) if not name.startswith("_"))


def text(context):
    return [repr(context), str(context)]


def class_name(context):
    return type(context).__name__


def client(context):
    given = context.client_context
    if given is None:
        return None
    fields = ["installation_id", "app_title", "app_version_name", "app_version_code"]
    fields.append("app_package_name")
    inner = given.client and {name: getattr(given.client, name) for name in fields}
    return {"custom": given.custom, "env": given.env, "client": inner, "repr": repr(given)}


def client_types(context):
    return [type(context.client_context).__name__, type(context.client_context.client).__name__]


def client_extra(context):
    return hasattr(context.client_context, "more")


def client_assign(context):
    context.client_context.custom = "changed"
    try:
        context.client_context.other = 1
    except AttributeError as error:
        return type(error).__name__
    return None


def identity(context):
    given = context.identity
    return [given.cognito_identity_id, given.cognito_identity_pool_id, repr(given)]


def w3c(context):
    context.w3c()["changed"] = "a copy"
    return context.w3c()


def remaining(context):
    left = context.get_remaining_time_in_millis()
    return [type(left).__name__, 0 < left <= 60_000]


def remaining_shrinks(context):
    first = context.get_remaining_time_in_millis()
    time.sleep(0.01)
    return context.get_remaining_time_in_millis() < first


def remaining_exact(context):
    return context.get_remaining_time_in_millis()


def trace(context):
    return os.environ.get("_X_AMZN_TRACE_ID", "unset")


def log(context):
    context.log("without a line break")
    context.log(5)
    context.log({"a": "ü"})
    context.log("with one\n")
    context.log(None)


def assign(context):
    context.more = 1
    context.function_name = "changed"
    return [context.more, context.function_name]


def changed_environment(context):
    os.environ["AWS_LAMBDA_FUNCTION_NAME"] = "renamed"


def telemetry_variable(context):
    return os.environ.get("_LAMBDA_TELEMETRY_LOG_FD", "unset")


def handler(event, context):
    return globals()[event](context)
