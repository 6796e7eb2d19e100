"""What belongs to one invocation, where one process serves several of them in threads and tasks.

Request id, tenant id and trace id are context variables, and what is printed reaches the log in
whole lines: nothing of one invocation appears under another.
"""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from lambda_ric.runtime.log_sink import FlushedStream
from lambda_ric.runtime.loop import TRACE_VARIABLE, Current

if TYPE_CHECKING:
    from lambda_ric.wire.runtime_api import Invocation

    _Texts = os._Environ[str]
else:
    _Texts = os._Environ


class _Scope:
    """One invocation: its ids, and the lines that it has begun to print."""

    def __init__(self, request_id: str, tenant_id: str | None, trace_id: str | None) -> None:
        self.request_id = request_id
        self.tenant_id = tenant_id
        self.trace_id = trace_id
        self.begun_lines: dict[int, str] = {}


_outside = _Scope("", None, None)
_scope: ContextVar[_Scope] = ContextVar("lambda_ric_invocation", default=_outside)


class ConcurrentCurrent(Current):
    """The current invocation of whatever thread or task asks."""

    def __init__(self) -> None:
        super().__init__()
        self._isolated = False

    @property
    def request_id(self) -> str:
        """The id of the invocation that asks, "" outside of any."""
        return _scope.get().request_id

    @property
    def tenant_id(self) -> str | None:
        """The tenant of the invocation that asks."""
        return _scope.get().tenant_id

    def begin(self, invocation: Invocation) -> None:
        """Make an invocation the current one of this context."""
        if not self._isolated:
            super().begin(invocation)
        _scope.set(_Scope(invocation.request_id, invocation.tenant_id, invocation.trace_id))

    def isolate(self) -> None:
        """Keep invocations apart in `os.environ` and the standard streams, from here on."""
        self._isolated = True
        os.environ.__class__ = _Environ
        sys.stdout = LineStream(sys.stdout)
        sys.stderr = LineStream(sys.stderr)


class _Environ(_Texts):
    """`os.environ` in which the trace id is the one of the current invocation.

    The X-Ray SDK and botocore look it up there and nowhere else.
    """

    def __getitem__(self, key: str) -> str:
        if key != TRACE_VARIABLE:
            return super().__getitem__(key)
        trace_id = _scope.get().trace_id
        if trace_id is None:
            raise KeyError(key)
        return trace_id


class LineStream(FlushedStream):
    """A text stream that writes whole lines, each of one invocation."""

    def write(self, text: str) -> int:
        """Write the lines that end in the text, and keep the rest for the next call."""
        begun_lines = _scope.get().begun_lines
        lines, line_feed, rest = (begun_lines.pop(id(self), "") + text).rpartition("\n")
        if rest:
            begun_lines[id(self)] = rest
        if line_feed:
            self._stream.write(lines + line_feed)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write them like one text."""
        self.write("".join(lines))

    def end_invocation(self) -> None:
        """Write the line that was begun, if there is one."""
        rest = _scope.get().begun_lines.pop(id(self), "")
        if rest:
            self._stream.write(rest + "\n")


def end_invocation() -> None:
    """Write what the current invocation has printed without a line break."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, LineStream):
            stream.end_invocation()
