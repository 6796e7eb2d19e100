"""Sample events: builders that return plain dicts, with fresh ids and correct checksums.

Each builder is a function (`sqs("body", fifo=True)`), and each event also has a name
(`sample("sqs/fifo", body="body")`), which is how the command line finds it. The shapes follow
the AWS documentation; no event is read from a file.
"""

from lambda_ric.events.brokers import active_mq, kafka, rabbit_mq
from lambda_ric.events.callers import (
    appsync,
    bedrock_agent,
    connect,
    hello,
    lex,
    step_functions,
    step_functions_error,
)
from lambda_ric.events.catalogue import (
    CATALOGUE,
    Sample,
    UnknownSample,
    UnknownSetting,
    find,
    sample,
)
from lambda_ric.events.cognito import cognito_sync, user_pool
from lambda_ric.events.event_bus import eventbridge, s3_through_eventbridge, scheduled
from lambda_ric.events.gateway import (
    http_authorizer,
    request_authorizer,
    token_authorizer,
    websocket_connect,
    websocket_disconnect,
    websocket_message,
)
from lambda_ric.events.http import alb, function_url, http_api, rest_api, vpc_lattice
from lambda_ric.events.identity import Event
from lambda_ric.events.messages import sns, sns_in_sqs, sqs
from lambda_ric.events.monitoring import cloudwatch_alarm, cloudwatch_logs
from lambda_ric.events.operations import (
    cloudformation,
    codecommit,
    codepipeline,
    secrets_rotation,
)
from lambda_ric.events.rules import config, iot, iot_thing, ses
from lambda_ric.events.storage import s3, s3_batch, s3_object_lambda
from lambda_ric.events.streams import dynamodb, firehose, kinesis

__all__ = [
    "CATALOGUE",
    "Event",
    "Sample",
    "UnknownSample",
    "UnknownSetting",
    "active_mq",
    "alb",
    "appsync",
    "bedrock_agent",
    "cloudformation",
    "cloudwatch_alarm",
    "cloudwatch_logs",
    "codecommit",
    "codepipeline",
    "cognito_sync",
    "config",
    "connect",
    "dynamodb",
    "eventbridge",
    "find",
    "firehose",
    "function_url",
    "hello",
    "http_api",
    "http_authorizer",
    "iot",
    "iot_thing",
    "kafka",
    "kinesis",
    "lex",
    "rabbit_mq",
    "request_authorizer",
    "rest_api",
    "s3",
    "s3_batch",
    "s3_object_lambda",
    "s3_through_eventbridge",
    "sample",
    "scheduled",
    "secrets_rotation",
    "ses",
    "sns",
    "sns_in_sqs",
    "sqs",
    "step_functions",
    "step_functions_error",
    "token_authorizer",
    "user_pool",
    "vpc_lattice",
    "websocket_connect",
    "websocket_disconnect",
    "websocket_message",
]
