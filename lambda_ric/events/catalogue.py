"""The catalogue of sample events: each has a name SERVICE/TYPE, for the command line.

The name of a service alone means its first sample. The aliases are names used by
`sam local generate-event`, for the services that are here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from lambda_ric.events import (
    brokers,
    callers,
    cognito,
    event_bus,
    gateway,
    http,
    messages,
    monitoring,
    operations,
    rules,
    storage,
    streams,
)
from lambda_ric.events.identity import Event


class UnknownSample(LookupError):
    """There is no sample event of that name; the message lists similar names."""


class UnknownSetting(TypeError):
    """The sample event does not have this setting; the message lists its settings."""


@dataclass(frozen=True)
class Sample:
    """A sample event: its name, its description, and its builder."""

    name: str
    title: str
    builder: Callable[..., Event]
    presets: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """The part of the name before the slash."""
        return self.name.partition("/")[0]

    @property
    def settings(self) -> dict[str, inspect.Parameter]:
        """The settings of the event: the builder's parameters, except the preset ones."""
        parameters = inspect.signature(self.builder, eval_str=True).parameters
        return {
            name: parameter
            for name, parameter in parameters.items()
            if name not in self.presets and parameter.kind is not parameter.VAR_POSITIONAL
        }

    @property
    def repeatable(self) -> str | None:
        """The setting that each record has a value of, if there can be several records."""
        parameters = list(inspect.signature(self.builder).parameters.values())
        for before, parameter in pairwise(parameters):
            if parameter.kind is parameter.VAR_POSITIONAL:
                return before.name
        return None

    def build(self, *records: Any, **settings: Any) -> Event:
        """Return a new event; `records` are values of the repeatable setting, one for each record.

        Raises UnknownSetting for a setting it does not have.
        """
        for name in settings:
            if name not in self.settings:
                known = ", ".join(self.settings) or "none"
                raise UnknownSetting(f"{self.name} has no setting {name!r}; it has: {known}")
        return self.builder(*records, **self.presets, **settings)


def sample(name: str, **settings: Any) -> Event:
    """Return a new sample event by its name, such as "sqs", "sqs/fifo" or "s3/put".

    Raises UnknownSample for an unknown name and UnknownSetting for an unknown setting.
    """
    return find(name).build(**settings)


def find(name: str) -> Sample:
    """Return the sample of a name or alias. Raises UnknownSample for an unknown name."""
    wanted = name.strip("/").lower()
    if wanted not in _BY_NAME:
        near = get_close_matches(wanted, _BY_NAME, n=4, cutoff=0.5)
        same = [entry.name for entry in CATALOGUE if entry.service == wanted.partition("/")[0]]
        hint = f"; perhaps {', '.join(same or near)}" if same or near else ""
        raise UnknownSample(f"no sample event {name!r}{hint}")
    return _BY_NAME[wanted]


def _user_pool_samples() -> list[Sample]:
    return [
        Sample(
            f"cognito/{trigger}",
            f"user-pool trigger {trigger.replace('-', ' ')}",
            cognito.user_pool,
            {"trigger": trigger},
        )
        for trigger in cognito.USER_POOL_TRIGGERS
    ]


CATALOGUE: tuple[Sample, ...] = (
    Sample("hello/world", "a greeting", callers.hello),
    Sample(
        "apigateway/rest", "request, REST API", http.rest_api, aliases=("apigateway/aws-proxy",)
    ),
    Sample(
        "apigateway/http",
        "request, HTTP API",
        http.http_api,
        aliases=("apigateway/http-api-proxy",),
    ),
    Sample("apigateway/authorizer", "token authorizer, REST API", gateway.token_authorizer),
    Sample(
        "apigateway/request-authorizer",
        "request authorizer, REST API",
        gateway.request_authorizer,
    ),
    Sample("apigateway/http-authorizer", "authorizer, HTTP API", gateway.http_authorizer),
    Sample("apigateway/websocket-connect", "WebSocket opened", gateway.websocket_connect),
    Sample("apigateway/websocket-message", "WebSocket message", gateway.websocket_message),
    Sample("apigateway/websocket-disconnect", "WebSocket closed", gateway.websocket_disconnect),
    Sample("function-url/request", "request to a function URL", http.function_url),
    Sample("alb/request", "request through a load balancer", http.alb),
    Sample("alb/multi-value", "the same with lists of values", http.alb, {"multi_value": True}),
    Sample("vpc-lattice/request", "request through VPC Lattice", http.vpc_lattice),
    Sample("sqs/message", "a batch of messages", messages.sqs, aliases=("sqs/receive-message",)),
    Sample("sqs/fifo", "a batch of a FIFO queue", messages.sqs, {"fifo": True}),
    Sample("sqs/sns", "a notification of SNS in a queue", messages.sns_in_sqs),
    Sample("sns/notification", "a notification", messages.sns),
    Sample("s3/put", "object created", storage.s3, {"event_name": "ObjectCreated:Put"}),
    Sample("s3/delete", "object deleted", storage.s3, {"event_name": "ObjectRemoved:Delete"}),
    Sample("s3/batch", "batch operation", storage.s3_batch, aliases=("s3/batch-invocation",)),
    Sample("s3/object-lambda", "GetObject by Object Lambda", storage.s3_object_lambda),
    Sample("eventbridge/event", "any event", event_bus.eventbridge),
    Sample(
        "eventbridge/scheduled",
        "a schedule",
        event_bus.scheduled,
        aliases=("cloudwatch/scheduled-event",),
    ),
    Sample("eventbridge/s3", "object created in S3", event_bus.s3_through_eventbridge),
    Sample("dynamodb/insert", "item added", streams.dynamodb, {"event_name": "INSERT"}),
    Sample("dynamodb/update", "item changed", streams.dynamodb, {"event_name": "MODIFY"}),
    Sample("dynamodb/remove", "item removed", streams.dynamodb, {"event_name": "REMOVE"}),
    Sample("kinesis/records", "records", streams.kinesis, aliases=("kinesis/get-records",)),
    Sample(
        "firehose/records",
        "records to transform",
        streams.firehose,
        aliases=("kinesis/kinesis-firehose",),
    ),
    Sample(
        "firehose/kinesis",
        "records that came from Kinesis",
        streams.firehose,
        {"from_kinesis": True},
        ("kinesis/streams-as-source",),
    ),
    Sample("kafka/msk", "records of Amazon MSK", brokers.kafka, aliases=("msk/records",)),
    Sample(
        "kafka/self-managed",
        "records of another cluster",
        brokers.kafka,
        {"self_managed": True},
    ),
    Sample("mq/activemq", "a message of ActiveMQ", brokers.active_mq),
    Sample("mq/rabbitmq", "a message of RabbitMQ", brokers.rabbit_mq),
    Sample("ses/email", "a received mail", rules.ses, aliases=("ses/email-receiving",)),
    *_user_pool_samples(),
    Sample("cognito/sync", "sync trigger", cognito.cognito_sync, aliases=("cognito/sync-trigger",)),
    Sample("cloudwatch/logs", "log lines, gzip and base64", monitoring.cloudwatch_logs),
    Sample("cloudwatch/alarm", "alarm changed its state", monitoring.cloudwatch_alarm),
    *(
        Sample(f"config/{kind}", text, rules.config, {"kind": kind}, (f"config/{alias}",))
        for kind, text, alias in (
            ("item-change", "resource changed", "item-change-notification"),
            (
                "oversized-item-change",
                "large resource changed",
                "oversized-item-change-notification",
            ),
            ("periodic", "periodic check", "periodic-rule"),
        )
    ),
    Sample("codepipeline/job", "a job of a pipeline", operations.codepipeline),
    Sample("codecommit/repository", "a push", operations.codecommit),
    Sample(
        "cloudformation/create",
        "custom resource to create",
        operations.cloudformation,
        {"request_type": "Create"},
        ("cloudformation/create-request",),
    ),
    Sample(
        "cloudformation/update",
        "custom resource to change",
        operations.cloudformation,
        {"request_type": "Update"},
    ),
    Sample(
        "cloudformation/delete",
        "custom resource to delete",
        operations.cloudformation,
        {"request_type": "Delete"},
    ),
    Sample("secretsmanager/rotation", "a step of a rotation", operations.secrets_rotation),
    Sample("iot/rule", "a message that a rule chose", rules.iot),
    Sample("iot/thing", "a thing in the registry", rules.iot_thing),
    Sample("stepfunctions/task", "input of a task", callers.step_functions),
    Sample("stepfunctions/error", "what a Catch hands on", callers.step_functions_error),
    Sample("appsync/resolver", "a field", callers.appsync, aliases=("appsync/appsync-resolver",)),
    Sample("bedrock/agent", "action group of an agent", callers.bedrock_agent),
    Sample(
        "bedrock/agent-function",
        "the same by function details",
        callers.bedrock_agent,
        {"function": "getWeather"},
    ),
    Sample(
        "connect/contact-flow", "a call", callers.connect, aliases=("connect/contact-flow-event",)
    ),
    Sample("lex/fulfillment", "fulfilment of an intent, V2", callers.lex),
)
"""All samples, in the order they are listed in."""


def _names() -> dict[str, Sample]:
    names: dict[str, Sample] = {}
    for entry in CATALOGUE:
        names.setdefault(entry.service, entry)
        names[entry.name] = entry
        names.update(dict.fromkeys(entry.aliases, entry))
    return names


_BY_NAME = _names()
