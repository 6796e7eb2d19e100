"""Invokes a handler in the process of its test, just as the runtime does.

The runtime's own loop runs one invocation: event and result go through JSON, and an exception
becomes the report that Lambda would get. Only the Runtime API is missing: messages to it are kept
here.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from base64 import b64decode
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from lambda_ric.caller.failure import FailurePayload, HandlerFailed, summary
from lambda_ric.caller.invoke_api import InvokeRefused, encode_event
from lambda_ric.runtime import doors
from lambda_ric.runtime import handler as handlers
from lambda_ric.runtime.client import RuntimeApiClient
from lambda_ric.runtime.context import LambdaContext
from lambda_ric.runtime.errors import RESPONSE_TOO_LARGE, Undelivered
from lambda_ric.runtime.loop import Current, Runtime
from lambda_ric.runtime.settings import Settings
from lambda_ric.testing.captured_log import ReadableSink, captured_log
from lambda_ric.testing.context import fake_context
from lambda_ric.testing.lambda_variables import lambda_variables
from lambda_ric.wire.http1 import End, request_reader
from lambda_ric.wire.runtime_api import (
    FUNCTION_ERROR_BODY,
    HTTP_INTEGRATION_TYPE,
    JSON_TYPE,
    MAX_EVENT,
    MAX_RESPONSE,
    PRELUDE_END,
    Invocation,
    Requests,
)

_TOO_LARGE = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)."


@dataclass(repr=False)
class HandlerResult:
    """The outcome of an invocation in this process.

    `error` is the report that Lambda would get (errorType, errorMessage, stackTrace, requestId),
    or None after a success. `chunks` are the pieces of a stream in the order in which they were
    sent, and `prelude` is its statusCode, headers and cookies if it is an HTTP response. `logs`
    is everything printed and logged meanwhile.
    """

    body: bytes = b""
    content_type: str = JSON_TYPE
    error: dict[str, Any] | None = None
    chunks: list[bytes] = field(default_factory=list)
    prelude: dict[str, Any] | None = None
    logs: str = ""

    @property
    def payload(self) -> Any:
        """The result: parsed JSON, or the bytes of any other content type.

        After an error it is the report of the error, as it is for callers of Lambda.
        """
        if self.error is not None:
            return FailurePayload(self.error)
        return json.loads(self.body) if self.content_type == JSON_TYPE else self.body

    def raise_for_error(self) -> HandlerResult:
        """Return this result. Raises HandlerFailed, with the stack trace, if the handler failed."""
        if self.error is not None:
            raise HandlerFailed(self.error)
        return self

    def __repr__(self) -> str:
        failed = f"error={summary(self.error)!r}, " if self.error else ""
        prelude = f"prelude={self.prelude!r}, " if self.prelude else ""
        return f"HandlerResult({failed}{prelude}body={self.body!r}, logs={self.logs!r})"


def invoke(
    handler: Callable[[Any, Any], Any] | str,
    event: Any = None,
    context: LambdaContext | None = None,
    *,
    env: Mapping[str, str] | None = None,
) -> HandlerResult:
    """Run a handler as Lambda would, and return the result that Lambda would get.

    `handler` is a function of any kind that the runtime knows (plain, async, generator, async
    generator) or its name, such as "app.handler". `event` is turned into JSON; bytes are sent
    unchanged, and None means {}. The default `context` is a fake_context.

    While the handler runs, the environment has the variables that Lambda sets, such as AWS_REGION,
    AWS_LAMBDA_FUNCTION_NAME and TZ, and those of `env`.

    An Exception of the handler is reported in the result. Raises InvokeRefused for an event that
    is larger than Lambda accepts, and a Fault if no handler has the given name. Other exceptions,
    such as SystemExit, pass through, since they would end the process.
    """
    payload = encode_event({} if event is None else event)
    if len(payload) > MAX_EVENT:
        raise InvokeRefused(413, "RequestTooLargeException", f"{len(payload)} byte payload")
    given = context or fake_context()
    variables = dict(env or {})
    if isinstance(handler, str):
        variables.setdefault("_HANDLER", handler)

    def run() -> HandlerResult:
        with lambda_variables(given, variables):
            function = handlers.load(handler) if isinstance(handler, str) else handler
            return _serve(lambda loaded, _: function(loaded, given), _invocation(given, payload))

    if not _in_event_loop():
        return run()
    # Within an async test: the handler's own event loop cannot run inside the test's.
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(run).result()


def _invocation(context: LambdaContext, payload: bytes) -> Invocation:
    return Invocation(
        context.aws_request_id,
        payload,
        deadline_ms=context._deadline_ms,
        function_arn=context.invoked_function_arn,
        trace_id=os.environ.get("_X_AMZN_TRACE_ID"),
        tenant_id=context.tenant_id,
    )


def _in_event_loop() -> bool:
    """Tell whether an event loop runs in this thread.

    A function of its own, so that the exception is over before the handler runs: else it would be
    the context of every exception of the handler.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _serve(function: Callable[[Any, Any], Any], invocation: Invocation) -> HandlerResult:
    environment = {**os.environ, "AWS_LAMBDA_RUNTIME_API": "localhost"}
    settings = Settings(["in.process"], environment)
    kept = _KeptResponse()
    current, sink = Current(), ReadableSink()
    runtime = Runtime(settings, cast(RuntimeApiClient, kept), sink, current)
    with captured_log(settings, sink, current) as log:
        runtime.handle(function, invocation)
    if _leaves_threads():
        _close_event_loop_at_exit()
    kept.result.logs = log.getvalue()
    return kept.result


def _leaves_threads() -> bool:
    """Tell whether there are threads for which Python waits when it exits."""
    main = threading.main_thread()
    return any(thread is not main and not thread.daemon for thread in threading.enumerate())


@cache  # one thread is enough
def _close_event_loop_at_exit() -> None:
    """Close the handlers' event loop as soon as the main thread has ended.

    The other threads may wait for a task of that loop, and Python waits for them before it calls
    what `atexit` knows.
    """

    def close() -> None:
        threading.main_thread().join()
        doors.close_event_loop()

    threading.Thread(target=close, name="lambda-ric-close").start()


class _KeptResponse:
    """Replaces the runtime's Runtime API client, and keeps the messages."""

    name = "this process"

    def __init__(self) -> None:
        self.result = HandlerResult()
        self._reader = request_reader()

    def respond(self, invocation: Invocation, body: bytes, content_type: str) -> None:
        self.result.content_type = content_type
        if len(body) > MAX_RESPONSE:
            self.result.error = {
                "errorType": RESPONSE_TOO_LARGE,
                "errorMessage": _TOO_LARGE,
            }
            raise Undelivered(RESPONSE_TOO_LARGE, _TOO_LARGE)
        self.result.body = body

    def fail(self, invocation: Invocation, body: bytes, xray_cause: str) -> None:
        self.result.error = json.loads(body)

    def open_stream(self, invocation: Invocation, content_type: str, first: bytes) -> None:
        self.result.content_type = content_type
        requests = Requests(self.name, "", "")
        self.send(requests.stream(invocation, content_type) + first)

    def send(self, data: bytes) -> None:
        self._reader.feed(data)
        while (event := self._reader.next_event()) is not None:
            if isinstance(event, bytes):
                self.result.chunks.append(event)
            elif isinstance(event, End):
                self._end(event)
                return

    def finish_stream(self) -> None:
        result = self.result
        if result.content_type == HTTP_INTEGRATION_TYPE:
            prelude, _, first = result.chunks.pop(0).partition(PRELUDE_END)
            result.prelude = json.loads(prelude)
            if first:
                result.chunks.insert(0, first)
        result.body = b"".join(result.chunks)

    def _end(self, end: End) -> None:
        name = FUNCTION_ERROR_BODY.lower().encode()
        for trailer, value in end.trailers:
            if trailer.lower() == name:
                self.result.error = json.loads(b64decode(value))
