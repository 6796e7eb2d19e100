"""The entries of a function's log as data: platform events and records of output.

The events are those of the Telemetry API (source: "Lambda Telemetry API Event schema reference");
`texts` writes each as CloudWatch Logs shows it. Here are those about invokes, `phase_events` has
those about the start of an environment, `extension_events` those about extensions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from math import ceil
from typing import Any

from lambda_ric.wire.log_frames import NO_LEVEL

FUNCTION = "function"
EXTENSION = "extension"
EXTENSION_STATE = "platform.extension"
TELEMETRY_SUBSCRIPTION = "platform.telemetrySubscription"
LOGS_SUBSCRIPTION = "platform.logsSubscription"
LOGS_DROPPED = "platform.logsDropped"
INIT_START = "platform.initStart"
INIT_RUNTIME_DONE = "platform.initRuntimeDone"
INIT_REPORT = "platform.initReport"
RESTORE_START = "platform.restoreStart"
RESTORE_RUNTIME_DONE = "platform.restoreRuntimeDone"
RESTORE_REPORT = "platform.restoreReport"
START = "platform.start"
RUNTIME_DONE = "platform.runtimeDone"
END = "platform.end"
REPORT = "platform.report"
FAULT = "platform.fault"
NOTICE = "platform.notice"
HTTP_REQUEST = "platform.httpRequest"

TRACE_HEADER = "X-Amzn-Trace-Id"

UNKNOWN_ERROR = "Runtime.Unknown"
"""The type of an error in a record when the runtime named none."""

Span = dict[str, Any]
"""A part of the time of an invoke: its name, its start, and `durationMs`."""


@dataclass(slots=True)
class LogEvent:
    """One entry of the log: its type as a telemetry event, and its content there.

    `function` names the function, `request_id` the invoke that was running, each "" if there is
    none. `level` is one of `lambda_ric.wire.log_frames`. Events that are not `in_text` are left
    out where the log format is text.
    """

    type: str
    record: dict[str, Any] | str
    request_id: str = ""
    level: int = NO_LEVEL
    function: str = ""
    in_text: bool = True


def start(
    request_id: str, version: str, tenant_id: str | None = None, trace_id: str | None = None
) -> LogEvent:
    """Return the event that begins an invoke."""
    record: dict[str, Any] = {"requestId": request_id, "version": version}
    if trace_id:
        record["tracing"] = {"type": TRACE_HEADER, "value": trace_id}
    if tenant_id:
        record["tenantId"] = tenant_id
    return LogEvent(START, record, request_id)


def runtime_done(
    request_id: str,
    *,
    status: str,
    error_type: str | None,
    duration: float,
    produced_bytes: int,
    spans: list[Span],
    trace_id: str | None,
) -> LogEvent:
    """Return the event for the end of the runtime's work on an invoke.

    The duration is in milliseconds, `produced_bytes` the size of the response.
    """
    record: dict[str, Any] = {"requestId": request_id, "status": status}
    if status != "success":
        record["errorType"] = error_type or UNKNOWN_ERROR
    record["metrics"] = {"durationMs": round(duration, 3), "producedBytes": produced_bytes}
    if spans:
        record["spans"] = spans
    if trace_id:
        record["tracing"] = {"type": TRACE_HEADER, "value": trace_id}
    return LogEvent(RUNTIME_DONE, record, request_id, in_text=False)


def span(name: str, begun_at: float, duration: float) -> Span:
    """Return a span: its start in seconds since the epoch, its duration in milliseconds."""
    return {"name": name, "start": timestamp(begun_at), "durationMs": round(duration, 3)}


def end(request_id: str) -> LogEvent:
    """Return the event that ends an invoke."""
    return LogEvent(END, {"requestId": request_id}, request_id)


def report(
    request_id: str,
    *,
    duration: float,
    memory_size: int,
    max_memory: int,
    init_duration: float | None = None,
    restore_duration: float | None = None,
    status: str = "success",
    error_type: str | None = None,
    tenant_id: str | None = None,
    trace_id: str | None = None,
    spans: list[Span] | None = None,
) -> LogEvent:
    """Return the event with the measurements of an invoke.

    Durations are in milliseconds, memory in mebibytes. The status is success, error, timeout or
    failure.
    """
    metrics: dict[str, Any] = {
        "durationMs": round(duration, 3),
        "billedDurationMs": ceil(duration + (init_duration or 0.0)),
        "memorySizeMB": memory_size,
        "maxMemoryUsedMB": max_memory,
    }
    if init_duration is not None:
        metrics["initDurationMs"] = round(init_duration, 3)
    if restore_duration is not None:
        metrics["restoreDurationMs"] = round(restore_duration, 3)
        metrics["billedRestoreDurationMs"] = ceil(restore_duration)
    record: dict[str, Any] = {"requestId": request_id, "status": status, "metrics": metrics}
    if spans:
        record["spans"] = spans
    if trace_id:
        record["tracing"] = {"type": TRACE_HEADER, "value": trace_id}
    if tenant_id:
        record["tenantId"] = tenant_id
    if status != "success":
        record["errorType"] = error_type or UNKNOWN_ERROR
    return LogEvent(REPORT, record, request_id)


def fault(request_id: str, text: str, function: str = "") -> LogEvent:
    """Return the event that says why the platform ended an invoke, or an environment."""
    return LogEvent(FAULT, text, request_id, function=function)


def notice(text: str, function: str = "") -> LogEvent:
    """Return an event that only the emulator has, and not Lambda."""
    return LogEvent(NOTICE, text, function=function)


def http_request(
    request_id: str, *, method: str, path: str, status: int, duration: float, function: str
) -> LogEvent:
    """Return the event for a request to a front door, which Lambda does not have.

    The duration is in milliseconds.
    """
    record = {
        "requestId": request_id,
        "method": method,
        "path": path,
        "status": status,
        "durationMs": round(duration, 3),
    }
    return LogEvent(HTTP_REQUEST, record, request_id, function=function)


def timestamp(seconds: float | None = None) -> str:
    """Return a time in UTC as Lambda writes it, to the millisecond.

    It is given in seconds since the epoch; by default it is the present time.
    """
    if seconds is None:
        moment = datetime.now(timezone.utc)
    else:
        moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
