"""The lines that Lambda itself writes to a function's log, as text and as telemetry events.

Source of the texts: CloudWatch logs; of the events: "Lambda Telemetry API Event schema reference".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from math import ceil
from typing import Any

from lambda_ric.wire.log_frames import NO_LEVEL


@dataclass(slots=True)
class LogEvent:
    """One entry of the log: `kind` is its type as a telemetry event, `record` its content there."""

    kind: str
    text: str
    record: dict[str, Any] | str = ""
    request_id: str = ""
    level: int = NO_LEVEL


@dataclass(slots=True)
class ReportMetrics:
    """What was measured of one invocation; durations in milliseconds, memory in mebibytes."""

    duration: float = 0.0
    memory_size: int = 0
    max_memory: int = 0
    init_duration: float | None = None
    restore_duration: float | None = None
    status: str = "success"  # or error, timeout, failure
    error_type: str | None = field(default=None)


def start(request_id: str, version: str) -> LogEvent:
    """Return the line that begins an invocation."""
    return LogEvent(
        "platform.start",
        f"START RequestId: {request_id} Version: {version}",
        {"requestId": request_id, "version": version},
        request_id,
    )


def end(request_id: str) -> LogEvent:
    """Return the line that ends an invocation."""
    return LogEvent(
        "platform.end", f"END RequestId: {request_id}", {"requestId": request_id}, request_id
    )


def report(request_id: str, figures: ReportMetrics) -> LogEvent:
    """Return the line with the figures of an invocation."""
    billed = ceil(figures.duration + (figures.init_duration or 0.0))
    text = (
        f"REPORT RequestId: {request_id}\tDuration: {figures.duration:.2f} ms\t"
        f"Billed Duration: {billed} ms\tMemory Size: {figures.memory_size} MB\t"
        f"Max Memory Used: {figures.max_memory} MB\t"
    )
    metrics: dict[str, Any] = {
        "durationMs": round(figures.duration, 3),
        "billedDurationMs": billed,
        "memorySizeMB": figures.memory_size,
        "maxMemoryUsedMB": figures.max_memory,
    }
    record: dict[str, Any] = {
        "requestId": request_id,
        "status": figures.status,
        "metrics": metrics,
    }
    if figures.init_duration is not None:
        text += f"Init Duration: {figures.init_duration:.2f} ms\t"
        metrics["initDurationMs"] = round(figures.init_duration, 3)
    if figures.restore_duration is not None:
        text += f"Restore Duration: {figures.restore_duration:.2f} ms\t"
        text += f"Billed Restore Duration: {ceil(figures.restore_duration)} ms\t"
        metrics["restoreDurationMs"] = round(figures.restore_duration, 3)
        metrics["billedRestoreDurationMs"] = ceil(figures.restore_duration)
    if figures.status != "success":
        text += f"Status: {figures.status}\t"
    if figures.error_type:
        text += f"Error Type: {figures.error_type}\t"
        record["errorType"] = figures.error_type
    return LogEvent("platform.report", text, record, request_id)


def init_report(duration: float, status: str, error_type: str | None = None) -> LogEvent:
    """Return the line about an initialisation that failed; the duration is in milliseconds."""
    text = f"INIT_REPORT Init Duration: {duration:.2f} ms\tPhase: init\tStatus: {status}"
    record: dict[str, Any] = {"initializationType": "on-demand", "phase": "init"}
    return _beginning("platform.initReport", text, record, duration, status, error_type)


def restore_report(duration: float, status: str, error_type: str | None = None) -> LogEvent:
    """Return the line about a restore that failed; the duration is in milliseconds."""
    text = f"RESTORE_REPORT Restore Duration: {duration:.2f} ms\tStatus: {status}"
    return _beginning("platform.restoreReport", text, {}, duration, status, error_type)


def _beginning(
    kind: str,
    text: str,
    record: dict[str, Any],
    duration: float,
    status: str,
    error_type: str | None,
) -> LogEvent:
    record |= {"status": status, "metrics": {"durationMs": round(duration, 3)}}
    if error_type:
        text += f"\tError Type: {error_type}"
        record["errorType"] = error_type
    return LogEvent(kind, text, record)


def fault(request_id: str, text: str) -> LogEvent:
    """Return the line that tells why the platform ended an invocation, or an environment."""
    return LogEvent("platform.fault", text, text, request_id)


def notice(text: str) -> LogEvent:
    """Return a line of the emulator's own."""
    return LogEvent("platform.notice", text, text)


def timestamp() -> str:
    """Return the present time in UTC as Lambda writes it, to the millisecond."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
