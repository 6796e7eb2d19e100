"""Reports of exceptions: for Lambda, for X-Ray and for the log.

The report to Lambda has the four keys that AWS's client sends. The log also shows notes, chained
exceptions and the members of a group, each with its own stack.
"""

from __future__ import annotations

import os
import time
import traceback

from lambda_ric.runtime import payloads
from lambda_ric.runtime.errors import Fault
from lambda_ric.wire.log_frames import JSON, TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from lambda_ric.runtime.log_sink import LogSink
    from lambda_ric.runtime.settings import Settings

_OWN_CODE = os.path.dirname(os.path.dirname(__file__)) + os.sep
_SEAMS = os.path.join(_OWN_CODE, "ondemand", "seams", "")
_STANDARD_LIBRARY = os.path.dirname(traceback.__file__)
_WAY_TO_THE_FUNCTION = (
    _OWN_CODE,
    os.path.join(_STANDARD_LIBRARY, "asyncio", ""),
    os.path.join(_STANDARD_LIBRARY, "concurrent", "futures", ""),
    "uvloop/",  # compiled, and so without a place
)
_IMPORT_MACHINERY = ("<frozen importlib", os.path.join("importlib", "__init__.py"))
_NO_BREAK_SPACE = "\u00a0"
_FAULT_TYPE_FOR_XRAY = "LambdaValidationError"
_MOST_RELATED = 20  # reports of related exceptions: a group can hold any number


class Report:
    """One exception, as text: type, message, stack, and the reports of related exceptions."""

    def __init__(self, error: BaseException, relation: str = "") -> None:
        self.relation = relation
        self.message = _text(error)
        self.is_fault = isinstance(error, Fault)
        self.frames = [] if self.is_fault else _foreign_frames(error)
        if isinstance(error, Fault):
            self.error_type = error.error_type
            self.stack_trace = list(error.trace)
        else:
            self.error_type = type(error).__name__
            self.stack_trace = traceback.format_list(
                [
                    (frame.filename, frame.lineno or 0, frame.name, frame.line)
                    for frame in self.frames
                ]
            )
        self.notes = [str(note) for note in getattr(error, "__notes__", ())]
        self.related: list[Report] = []

    def body(self, request_id: str) -> bytes:
        """Return the JSON that is posted to the Runtime API."""
        return _encode(self._fields(request_id))

    def xray_cause(self) -> str:
        """Return the JSON that X-Ray shows as the cause of a failed segment."""
        return _encode(self.xray_fields()).decode()

    def xray_fields(self) -> dict[str, Any]:
        """Return what that JSON holds."""
        stack = [
            {"label": frame.name, "path": frame.filename, "line": frame.lineno}
            for frame in self.frames
        ]
        return {
            "working_directory": os.getcwd(),
            "exceptions": [
                {
                    "message": self.message,
                    "type": _FAULT_TYPE_FOR_XRAY if self.is_fault else self.error_type,
                    "stack": stack,
                }
            ],
            "paths": list({frame.filename: None for frame in self.frames}),
        }

    def log(self, settings: Settings, sink: LogSink, request_id: str) -> None:
        """Write the report to the log, as one event."""
        if settings.json_logs:
            record: dict[str, Any] = {
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "level": "ERROR",
                **self._fields(request_id),
                **self._relations(),
            }
            sink.write_error(_encode(record).decode(), JSON)
        else:
            sink.write_error(sink.line_break.join(self._lines("[ERROR] ")), TEXT)

    def _fields(self, request_id: str) -> dict[str, Any]:
        return {
            "errorMessage": self.message,
            "errorType": self.error_type,
            "requestId": request_id,
            "stackTrace": self.stack_trace,
        }

    def _relations(self) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        if self.notes:
            fields["notes"] = self.notes
        if self.related:
            fields["related"] = [
                {
                    "relation": related.relation,
                    "errorMessage": related.message,
                    "errorType": related.error_type,
                    "stackTrace": related.stack_trace,
                    **related._relations(),
                }
                for related in self.related
            ]
        return fields

    def _lines(self, start: str) -> Iterator[str]:
        yield start + ": ".join([part for part in (self.error_type, self.message) if part])
        yield "Traceback (most recent call last):"
        for entry in self.stack_trace:
            for line in entry.splitlines() or [""]:
                text = line.lstrip(" ")
                yield _NO_BREAK_SPACE * (len(line) - len(text)) + text
        yield from self.notes
        for related in self.related:
            yield from related._lines(f"{related.relation}: ")


def explain(error: BaseException) -> Report:
    """Return the report of an exception, with those of related exceptions."""
    report = Report(error)
    _add_related(report, error, {id(error)})
    return report


def _add_related(report: Report, error: BaseException, seen: set[int]) -> None:
    """Add the cause or context of an exception, and the members of a group."""
    for relation, other in _relatives(error):
        if id(other) in seen or len(seen) > _MOST_RELATED:
            continue
        seen.add(id(other))
        related = Report(other, relation)
        if isinstance(error, Fault):
            related.stack_trace = related.stack_trace[_count_import_frames(related.frames) :]
            if not related.stack_trace:
                continue  # the fault is enough: no user code was involved
        report.related.append(related)
        _add_related(related, other, seen)


def _relatives(error: BaseException) -> Iterator[tuple[str, BaseException]]:
    if error.__cause__ is not None:
        yield "Caused by", error.__cause__
    elif error.__context__ is not None and not error.__suppress_context__:
        yield "Raised while handling", error.__context__
    members = getattr(error, "exceptions", ())  # of an exception group, or of its backport
    if isinstance(members, tuple):
        for number, member in enumerate(members, 1):
            if isinstance(member, BaseException):
                yield f"Exception {number} of {len(members)}", member


def _foreign_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Return the stack without this package's frames that led to the function.

    The frames of a tool that is wrapped around the handler stay.
    """
    frames = []
    on_the_way = True
    for frame in traceback.extract_tb(error.__traceback__):
        if not frame.filename.startswith(_WAY_TO_THE_FUNCTION):
            on_the_way = False
        elif frame.filename.startswith(_SEAMS):
            on_the_way = True
        if not on_the_way:
            frames.append(frame)
    return frames


def _count_import_frames(frames: list[traceback.FrameSummary]) -> int:
    for index, frame in enumerate(frames):
        if not any(part in frame.filename for part in _IMPORT_MACHINERY):
            return index
    return len(frames)


def _text(error: BaseException) -> str:
    """Return the message, even if the exception's own code fails."""
    try:
        return str(error)
    except Exception as failure:
        return f"<message not available: {type(failure).__name__}>"


def _encode(value: Any) -> bytes:
    """Write JSON; a lone surrogate must not hide its error."""
    return payloads.encode(value).encode("utf-8", "backslashreplace")
