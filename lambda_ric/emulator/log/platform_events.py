"""The entries of a function's log as data: platform events and records of output.

The events are those of the Telemetry API (source: "Lambda Telemetry API Event schema reference");
`text_of` writes each as CloudWatch Logs shows it.
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
START = "platform.start"
END = "platform.end"
REPORT = "platform.report"
INIT_REPORT = "platform.initReport"
RESTORE_REPORT = "platform.restoreReport"
FAULT = "platform.fault"
NOTICE = "platform.notice"
HTTP_REQUEST = "platform.httpRequest"


@dataclass(slots=True)
class LogEvent:
    """One entry of the log: its type as a telemetry event, and its content there.

    `function` names the function, `request_id` the invoke that was running, each "" if there is
    none. `level` is one of `lambda_ric.wire.log_frames`.
    """

    type: str
    record: dict[str, Any] | str
    request_id: str = ""
    level: int = NO_LEVEL
    function: str = ""


def start(request_id: str, version: str, tenant_id: str | None = None) -> LogEvent:
    """Return the event that begins an invoke."""
    record = {"requestId": request_id, "version": version}
    if tenant_id:
        record["tenantId"] = tenant_id
    return LogEvent(START, record, request_id)


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
    record = {"requestId": request_id, "status": status, "metrics": metrics}
    if tenant_id:
        record["tenantId"] = tenant_id
    if error_type:
        record["errorType"] = error_type
    return LogEvent(REPORT, record, request_id)


def init_report(duration: float, status: str, error_type: str | None = None) -> LogEvent:
    """Return the event for an initialization that failed; the duration is in milliseconds."""
    record = {"initializationType": "on-demand", "phase": "init"}
    return _start_report(INIT_REPORT, record, duration, status, error_type)


def restore_report(duration: float, status: str, error_type: str | None = None) -> LogEvent:
    """Return the event for a restore that failed; the duration is in milliseconds."""
    return _start_report(RESTORE_REPORT, {}, duration, status, error_type)


def _start_report(
    kind: str, record: dict[str, Any], duration: float, status: str, error_type: str | None
) -> LogEvent:
    record |= {"status": status, "metrics": {"durationMs": round(duration, 3)}}
    if error_type:
        record["errorType"] = error_type
    return LogEvent(kind, record)


def extension(name: str, state: str, events: list[str], error_type: str | None = None) -> LogEvent:
    """Return the event that says in which state an extension is, and what it has subscribed to."""
    record: dict[str, Any] = {"name": name, "state": state, "events": events}
    if error_type:
        record["errorType"] = error_type
    return LogEvent(EXTENSION_STATE, record)


def fault(request_id: str, text: str) -> LogEvent:
    """Return the event that says why the platform ended an invoke, or an environment."""
    return LogEvent(FAULT, text, request_id)


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


def text_of(event: LogEvent) -> str:
    """Return an event as CloudWatch Logs shows it, without a line break at the end."""
    record = event.record
    if isinstance(record, str):
        return record
    if event.type == START:
        text = f"START RequestId: {record['requestId']} Version: {record['version']}"
        return f"{text}\tTenant ID: {record['tenantId']}" if "tenantId" in record else text
    if event.type == END:
        return f"END RequestId: {record['requestId']}"
    if event.type == REPORT:
        return _report_text(record)
    if event.type == HTTP_REQUEST:
        return (
            f"{record['method']} {record['path']} {record['status']} "
            f"{record['durationMs']:.1f} ms {record['requestId']}"
        )
    if event.type == EXTENSION_STATE:
        return _extension_text(record)
    return _start_report_text(event.type, record)


def _report_text(record: dict[str, Any]) -> str:
    metrics = record["metrics"]
    text = (
        f"REPORT RequestId: {record['requestId']}\tDuration: {metrics['durationMs']:.2f} ms\t"
        f"Billed Duration: {metrics['billedDurationMs']} ms\t"
        f"Memory Size: {metrics['memorySizeMB']} MB\t"
        f"Max Memory Used: {metrics['maxMemoryUsedMB']} MB\t"
    )
    if "initDurationMs" in metrics:
        text += f"Init Duration: {metrics['initDurationMs']:.2f} ms\t"
    if "restoreDurationMs" in metrics:
        text += f"Restore Duration: {metrics['restoreDurationMs']:.2f} ms\t"
        text += f"Billed Restore Duration: {metrics['billedRestoreDurationMs']} ms\t"
    if "tenantId" in record:
        text += f"Tenant ID: {record['tenantId']}\t"
    if record["status"] != "success":
        text += f"Status: {record['status']}\t"
    if "errorType" in record:
        text += f"Error Type: {record['errorType']}\t"
    return text


def _extension_text(record: dict[str, Any]) -> str:
    events = ", ".join(record["events"])
    text = f"EXTENSION\tName: {record['name']}\tState: {record['state']}\tEvents: [{events}]"
    return f"{text}\tError Type: {record['errorType']}" if "errorType" in record else text


def _start_report_text(kind: str, record: dict[str, Any]) -> str:
    duration = f"{record['metrics']['durationMs']:.2f} ms"
    text = f"INIT_REPORT Init Duration: {duration}\tPhase: init"
    if kind == RESTORE_REPORT:
        text = f"RESTORE_REPORT Restore Duration: {duration}"
    text += f"\tStatus: {record['status']}"
    return f"{text}\tError Type: {record['errorType']}" if "errorType" in record else text


def timestamp() -> str:
    """Return the present time in UTC as Lambda writes it, to the millisecond."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
