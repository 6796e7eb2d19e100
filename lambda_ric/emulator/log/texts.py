"""The events of the log as CloudWatch Logs shows them where the log format is text."""

from __future__ import annotations

from typing import Any

from lambda_ric.emulator.log.platform_events import (
    END,
    EXTENSION_STATE,
    HTTP_REQUEST,
    INIT_REPORT,
    LOGS_DROPPED,
    LOGS_SUBSCRIPTION,
    REPORT,
    RESTORE_REPORT,
    START,
    TELEMETRY_SUBSCRIPTION,
    UNKNOWN_ERROR,
    LogEvent,
)


def text_of(event: LogEvent) -> str:
    """Return an event as CloudWatch Logs shows it, without a line break at the end.

    Events that it does not show (those which are not `in_text`) have a text here nevertheless.
    """
    record = event.record
    if isinstance(record, str):
        return record
    if event.type == START:
        text = f"START RequestId: {record['requestId']} Version: {record['version']}"
        return f"{text}\tTenant ID: {record['tenantId']}" if "tenantId" in record else text
    if event.type == END:
        return f"END RequestId: {record['requestId']}"
    write = _TEXTS.get(event.type)
    return write(record) if write is not None else _other_text(event.type, record)


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
    if record.get("errorType", UNKNOWN_ERROR) != UNKNOWN_ERROR:
        text += f"Error Type: {record['errorType']}\t"
    return text


def _http_request_text(record: dict[str, Any]) -> str:
    return (
        f"{record['method']} {record['path']} {record['status']} "
        f"{record['durationMs']:.1f} ms {record['requestId']}"
    )


def _extension_text(record: dict[str, Any]) -> str:
    events = ", ".join(record["events"])
    text = f"EXTENSION\tName: {record['name']}\tState: {record['state']}\tEvents: [{events}]"
    return f"{text}\tError Type: {record['errorType']}" if "errorType" in record else text


def _telemetry_text(record: dict[str, Any]) -> str:
    return f"TELEMETRY\t{_subscription_text(record)}"


def _logs_text(record: dict[str, Any]) -> str:
    return f"LOGS\t{_subscription_text(record)}"


def _subscription_text(record: dict[str, Any]) -> str:
    types = ", ".join(kind.capitalize() for kind in record["types"])
    return f"Name: {record['name']}\tState: {record['state']}\tTypes: [{types}]"


def _dropped_text(record: dict[str, Any]) -> str:
    return (
        f"LOGS_DROPPED Records: {record['droppedRecords']}\tBytes: {record['droppedBytes']}\t"
        f"Reason: {record['reason']}"
    )


def _init_report_text(record: dict[str, Any]) -> str:
    duration = f"{record['metrics']['durationMs']:.2f} ms"
    return _with_status(f"INIT_REPORT Init Duration: {duration}\tPhase: {record['phase']}", record)


def _restore_report_text(record: dict[str, Any]) -> str:
    duration = f"{record['metrics']['durationMs']:.2f} ms"
    return _with_status(f"RESTORE_REPORT Restore Duration: {duration}", record)


def _other_text(kind: str, record: dict[str, Any]) -> str:
    """Return a text for an event that CloudWatch Logs has only as JSON."""
    return _with_status(kind, record) if "status" in record else kind


def _with_status(text: str, record: dict[str, Any]) -> str:
    text += f"\tStatus: {record['status']}"
    return f"{text}\tError Type: {record['errorType']}" if "errorType" in record else text


_TEXTS = {
    REPORT: _report_text,
    HTTP_REQUEST: _http_request_text,
    EXTENSION_STATE: _extension_text,
    TELEMETRY_SUBSCRIPTION: _telemetry_text,
    LOGS_SUBSCRIPTION: _logs_text,
    LOGS_DROPPED: _dropped_text,
    INIT_REPORT: _init_report_text,
    RESTORE_REPORT: _restore_report_text,
}
