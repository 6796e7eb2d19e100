"""The loop: next invocation, handler, result or error, again.

To serve several invocations at once, several of these loops run.
"""

from __future__ import annotations

import os

from lambda_ric.runtime import doors, payloads
from lambda_ric.runtime.context import LambdaContext, read_function_texts
from lambda_ric.runtime.errors import Undelivered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from lambda_ric.ondemand.report import Report
    from lambda_ric.ondemand.streaming import Stream
    from lambda_ric.runtime.client import RuntimeApiClient
    from lambda_ric.runtime.context import FunctionTexts
    from lambda_ric.runtime.handler import Function
    from lambda_ric.runtime.log_sink import LogSink
    from lambda_ric.runtime.settings import Settings
    from lambda_ric.wire.runtime_api import Invocation

    Outcome: TypeAlias = "tuple[bytes, str] | Stream"  # body and content type, or its pieces

TRACE_VARIABLE = "_X_AMZN_TRACE_ID"


class Current:
    """The invocation being served: its ids for log records and for the X-Ray SDK."""

    def __init__(self) -> None:
        self._request_id = ""
        self._tenant_id: str | None = None

    @property
    def request_id(self) -> str:
        """The id of the current invocation, "" before the first one."""
        return self._request_id

    @property
    def tenant_id(self) -> str | None:
        """The tenant of the current invocation, for functions with tenants."""
        return self._tenant_id

    def begin(self, invocation: Invocation) -> None:
        """Make an invocation the current one."""
        self._request_id = invocation.request_id
        self._tenant_id = invocation.tenant_id
        if invocation.trace_id is not None:
            os.environ[TRACE_VARIABLE] = invocation.trace_id
        else:
            os.environ.pop(TRACE_VARIABLE, None)


class Runtime:
    """Serves invocations: holds the Runtime API, the log and the current invocation.

    If this process serves several invocations at once, `abort` ends it with an exception;
    otherwise it is None.
    """

    def __init__(
        self,
        settings: Settings,
        api: RuntimeApiClient,
        sink: LogSink,
        current: Current,
        abort: Callable[[BaseException], None] | None = None,
    ) -> None:
        self.settings = settings
        self.api = api
        self.sink = sink
        self.current = current
        self.abort = abort
        self._function_texts: FunctionTexts | None = None

    def serve(self, function: Function) -> None:
        """Serve one invocation after another. Raises RuntimeApiError when it cannot continue."""
        self._function_texts = read_function_texts()  # not before a restore, which may change them
        while True:
            self.handle(function, self.api.next_invocation())

    def handle(self, function: Function, invocation: Invocation) -> None:
        """Serve one invocation."""
        self.current.begin(invocation)
        try:
            context = LambdaContext(invocation, self.sink, self._function_texts)
            result = function(payloads.load_event(invocation), context)
            if type(result) in payloads.PLAIN_TYPES:
                outcome: Outcome = payloads.dump(result)
            else:
                outcome = doors.settle(self, context, result)
        except Exception as error:
            self.report(error, invocation)
        else:
            self.respond(invocation, outcome)

    def respond(self, invocation: Invocation, outcome: Outcome) -> None:
        """Send a result; if it is refused or cut off, log an error."""
        try:
            if isinstance(outcome, tuple):
                self.api.respond(invocation, *outcome)
            else:
                outcome.send(invocation)
        except Undelivered as error:
            doors.explain(error).log(self.settings, self.sink, invocation.request_id)

    def report(self, error: Exception, invocation: Invocation) -> None:
        """Log an error and send it as the outcome of the invocation."""
        report = doors.explain(error)
        report.log(self.settings, self.sink, invocation.request_id)
        self.api.fail(invocation, report.body(invocation.request_id), report.xray_cause())

    def fail_init(self, report: Report, error_type: str = "") -> None:
        """Log the error of the initialization and send it, by its own type or another."""
        report.log(self.settings, self.sink, "")
        self.api.fail_init(error_type or report.error_type, report.body(""))
