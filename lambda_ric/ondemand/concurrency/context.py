"""State of one invocation, when one process serves several in threads and tasks.

Request id, tenant id and trace id are context variables, and printed output reaches the log in
whole lines, so invocations never mix. Threads that a function starts itself belong to no
invocation, unless it runs them in a copy of its context, as `asyncio.to_thread` does.
"""

from __future__ import annotations

import os
import sys
import threading
from contextvars import ContextVar

from lambda_ric.runtime.log_sink import FlushedStream
from lambda_ric.runtime.loop import TRACE_VARIABLE, Current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.wire.runtime_api import Invocation

    _Texts = os._Environ[str]
else:
    _Texts = os._Environ


class _Scope:
    """One invocation: its ids, and the unfinished line of each of its threads in each stream."""

    def __init__(self, request_id: str, tenant_id: str | None, trace_id: str | None) -> None:
        self.request_id = request_id
        self.tenant_id = tenant_id
        self.trace_id = trace_id
        self.begun_lines: dict[tuple[LineStream, int], str] = {}


_outside = _Scope("", None, None)
_scope: ContextVar[_Scope] = ContextVar("lambda_ric_invocation", default=_outside)


class ConcurrentCurrent(Current):
    """The current invocation of the calling thread or task."""

    def __init__(self) -> None:
        super().__init__()
        self._isolated = False

    @property
    def request_id(self) -> str:
        """The id of the calling invocation, or "" outside of an invocation."""
        return _scope.get().request_id

    @property
    def tenant_id(self) -> str | None:
        """The tenant of the calling invocation."""
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
        if sys.stdout is not None:
            sys.stdout = LineStream(sys.stdout)
        if sys.stderr is not None:
            sys.stderr = LineStream(sys.stderr)


class _Environ(_Texts):
    """`os.environ` with the trace id of the current invocation.

    The X-Ray SDK and botocore look it up only there.
    """

    def __getitem__(self, key: str) -> str:
        if key != TRACE_VARIABLE:
            return super().__getitem__(key)
        trace_id = _scope.get().trace_id
        if trace_id is None:
            raise KeyError(key)
        return trace_id

    def __setitem__(self, key: str, value: str) -> None:
        if key == TRACE_VARIABLE:
            _scope.get().trace_id = value
        else:
            super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        if key == TRACE_VARIABLE:
            _scope.get().trace_id = None
        else:
            super().__delitem__(key)


class LineStream(FlushedStream):
    """A text stream that writes whole lines, each of one thread of one invocation."""

    def write(self, text: str) -> int:
        """Write the lines that end in the text, and keep the rest for the next call."""
        begun_lines = _scope.get().begun_lines
        mine = (self, threading.get_ident())
        lines, line_feed, rest = (begun_lines.pop(mine, "") + text).rpartition("\n")
        if rest:
            begun_lines[mine] = rest
        if line_feed:
            super().write(lines + line_feed)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write the lines like one text."""
        self.write("".join(lines))


def end_invocation() -> None:
    """Write the unfinished line of the current invocation."""
    begun_lines = _scope.get().begun_lines
    while begun_lines:
        (stream, _), rest = begun_lines.popitem()
        FlushedStream.write(stream, rest + "\n")
