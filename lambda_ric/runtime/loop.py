"""The loop: next invocation, handler, result or error, again.

Every way to serve several invocations at once is several of this same loop.
"""

from __future__ import annotations

import os

from lambda_ric.runtime import doors, marshal
from lambda_ric.runtime.context import LambdaContext
from lambda_ric.runtime.errors import ResponseTooLarge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.runtime.client import RuntimeApi
    from lambda_ric.runtime.handler import Function
    from lambda_ric.runtime.log_sink import LogSink
    from lambda_ric.runtime.settings import Settings
    from lambda_ric.wire.runtime_api import Invocation

_TRACE_VARIABLE = "_X_AMZN_TRACE_ID"


class Current:
    """Which invocation is served: what log records carry and the X-Ray SDK looks up."""

    __slots__ = ("request_id", "tenant_id")

    def __init__(self) -> None:
        self.request_id = ""
        self.tenant_id: str | None = None

    def begin(self, invocation: Invocation) -> None:
        """Make an invocation the current one."""
        self.request_id = invocation.request_id
        self.tenant_id = invocation.tenant_id
        trace_id = invocation.trace_id
        if os.environ.get(_TRACE_VARIABLE) != trace_id:
            if trace_id is None:
                del os.environ[_TRACE_VARIABLE]
            else:
                os.environ[_TRACE_VARIABLE] = trace_id


class Runtime:
    """What serves invocations: the function, the Runtime API and the log."""

    def __init__(
        self, settings: Settings, api: RuntimeApi, sink: LogSink, current: Current
    ) -> None:
        self.settings = settings
        self.api = api
        self.sink = sink
        self.current = current

    def serve(self, function: Function) -> None:
        """Serve one invocation after another. Raises RuntimeApiError when that cannot go on."""
        while True:
            self.handle(function, self.api.next_invocation())

    def handle(self, function: Function, invocation: Invocation) -> None:
        """Serve one invocation."""
        self.current.begin(invocation)
        try:
            context = LambdaContext(invocation, self.sink)
            result = function(marshal.load_event(invocation), context)
            body, content_type = marshal.dump(result)
        except Exception as error:
            self.report(error, invocation)
        else:
            self.respond(invocation, body, content_type)

    def respond(self, invocation: Invocation, body: bytes, content_type: str) -> None:
        """Send a result; one that is refused for its size becomes an error in the log."""
        try:
            self.api.respond(invocation, body, content_type)
        except ResponseTooLarge as error:
            doors.explain(error).log(self.settings, self.sink, invocation.request_id)

    def report(self, error: Exception, invocation: Invocation) -> None:
        """Log an error and send it as the outcome of the invocation."""
        report = doors.explain(error)
        report.log(self.settings, self.sink, invocation.request_id)
        self.api.fail(invocation, report.body(invocation.request_id), report.xray_cause())
