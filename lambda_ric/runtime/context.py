"""The context object that a handler receives along with the event.

Attributes, their types and their text form are those of AWS's runtime interface client, so that
code, tests and libraries work with either (source: "Using the Lambda context
object to retrieve Python function information" in the AWS Lambda developer guide).
"""

from __future__ import annotations

import os
import time

from lambda_ric.runtime import doors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from lambda_ric.runtime.log_sink import LogSink
    from lambda_ric.sdk.client_context import ClientContext
    from lambda_ric.sdk.context_base import ContextBase
    from lambda_ric.wire.runtime_api import Invocation

    Text: TypeAlias = "str | None"
    FunctionTexts: TypeAlias = "tuple[Text, Text, Text, Text, Text]"
else:
    ContextBase = object


class CognitoIdentity:
    """The Amazon Cognito identity that authorized the request; None without one."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self, values: dict[str, Any]) -> None:
        self.cognito_identity_id: str | None = values.get("cognitoIdentityId")
        """The identity."""
        self.cognito_identity_pool_id: str | None = values.get("cognitoIdentityPoolId")
        """The identity pool that authorized it."""

    def __repr__(self) -> str:
        return text_of(self, self.__slots__)


class LambdaContext(ContextBase):
    """Information about this invocation, the function and the execution environment."""

    aws_request_id: str
    """The id of the request; it stays the same when an asynchronous invocation is retried."""

    log_group_name: str | None
    """The log group in CloudWatch, from AWS_LAMBDA_LOG_GROUP_NAME."""

    log_stream_name: str | None
    """The log stream of this execution environment, from AWS_LAMBDA_LOG_STREAM_NAME."""

    function_name: str | None
    """The name of the function, from AWS_LAMBDA_FUNCTION_NAME."""

    memory_limit_in_mb: str | None
    """The memory of the function in MB: a text, as in AWS's client."""

    function_version: str | None
    """The version that runs, "$LATEST" or a number, from AWS_LAMBDA_FUNCTION_VERSION."""

    invoked_function_arn: str
    """The ARN that was invoked, with the alias or the version if one was named."""

    client_context: ClientContext | None
    """The client context of the caller; None if it sent none, or did not wait for the result."""

    identity: CognitoIdentity
    """The caller's Cognito identity; without one, its attributes are None."""

    tenant_id: str | None
    """The tenant, for functions that Lambda isolates by tenant."""

    def __init__(
        self,
        invocation: Invocation,
        log_sink: LogSink | None = None,
        function: FunctionTexts | None = None,
    ) -> None:
        (
            self.log_group_name,
            self.log_stream_name,
            self.function_name,
            self.memory_limit_in_mb,
            self.function_version,
        ) = function or read_function_texts()
        self.aws_request_id = invocation.request_id
        self.invoked_function_arn = invocation.function_arn
        self.tenant_id = invocation.tenant_id
        self.client_context = None
        self._trace_fields: dict[str, str] = {}
        if invocation.client_context is not None:
            client, self._trace_fields = doors.read_client_context(invocation.client_context)
            self.client_context = client
        identity = invocation.cognito_identity
        self.identity = CognitoIdentity({} if identity is None else doors.read_identity(identity))
        self._deadline_ms = invocation.deadline_ms
        self._log_sink = log_sink

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]  # theirs is static
        """Return the milliseconds until Lambda ends this invocation, 0 after the deadline."""
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def w3c(self) -> dict[str, str]:
        """Return the W3C trace context of the caller: traceparent, tracestate and baggage."""
        return dict(self._trace_fields)

    def log(self, message: object) -> None:
        """Write a message to the function's log as it is, with no line break after it."""
        if self._log_sink is not None:
            self._log_sink.write(str(message))
        else:
            print(message, end="")

    def __repr__(self) -> str:
        shown = (
            "aws_request_id",
            "log_group_name",
            "log_stream_name",
            "function_name",
            "memory_limit_in_mb",
            "function_version",
            "invoked_function_arn",
            "client_context",
            "identity",
            "tenant_id",
        )
        return text_of(self, shown)


def text_of(record: object, names: tuple[str, ...]) -> str:
    """Return the text form that AWS's client gives its objects: these attributes, in order."""
    values = ",".join([f"{name}={getattr(record, name)}" for name in names])
    return f"{type(record).__name__}([{values}])"


def read_function_texts() -> FunctionTexts:
    """Read the function's settings from the environment; they hold for all its invocations."""
    return (
        os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME"),
        os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME"),
        os.environ.get("AWS_LAMBDA_FUNCTION_NAME"),
        os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        os.environ.get("AWS_LAMBDA_FUNCTION_VERSION"),
    )
