"""The events about the start of an environment: its initialization, or its restore."""

from __future__ import annotations

from typing import Any, NamedTuple

from lambda_ric.emulator.log.platform_events import (
    INIT_REPORT,
    INIT_RUNTIME_DONE,
    INIT_START,
    RESTORE_REPORT,
    RESTORE_RUNTIME_DONE,
    RESTORE_START,
    UNKNOWN_ERROR,
    LogEvent,
)


class Instance(NamedTuple):
    """What the events say of the environment. The memory is in mebibytes."""

    function_name: str
    function_version: str
    instance_id: str
    memory: int

    def as_record(self) -> dict[str, Any]:
        """Return it as a part of a record."""
        return {
            "functionName": self.function_name,
            "functionVersion": self.function_version,
            "instanceId": self.instance_id,
            "instanceMaxMemory": self.memory,
        }


class InitKind(NamedTuple):
    """How an environment is initialized, and in which phase: `init`, `invoke` or `snap-start`."""

    initialization: str = "on-demand"
    phase: str = "init"

    def as_record(self) -> dict[str, Any]:
        """Return it as a part of a record."""
        return {"initializationType": self.initialization, "phase": self.phase}


class PhaseEnd(NamedTuple):
    """How a phase ended: its status (success, error, timeout or failure), and the error's type."""

    status: str = "success"
    error_type: str | None = None

    def as_record(self) -> dict[str, Any]:
        """Return it as a part of a record."""
        if self.status in ("success", "timeout") and self.error_type is None:
            return {"status": self.status}
        return {"status": self.status, "errorType": self.error_type or UNKNOWN_ERROR}


SUCCESS = PhaseEnd()


def init_start(kind: InitKind, instance: Instance) -> LogEvent:
    """Return the event that begins an initialization."""
    return LogEvent(INIT_START, kind.as_record() | instance.as_record(), in_text=False)


def init_runtime_done(kind: InitKind, end: PhaseEnd) -> LogEvent:
    """Return the event for the moment in which the runtime has loaded, or has failed to."""
    return LogEvent(INIT_RUNTIME_DONE, kind.as_record() | end.as_record(), in_text=False)


def init_report(kind: InitKind, end: PhaseEnd, duration: float) -> LogEvent:
    """Return the event that ends an initialization; the duration is in milliseconds."""
    return _report(INIT_REPORT, kind.as_record(), end, duration)


def restore_start(instance: Instance) -> LogEvent:
    """Return the event that begins a restore."""
    return LogEvent(RESTORE_START, instance.as_record(), in_text=False)


def restore_runtime_done(end: PhaseEnd) -> LogEvent:
    """Return the event for the moment in which the runtime continues, or has failed to."""
    return LogEvent(RESTORE_RUNTIME_DONE, end.as_record(), in_text=False)


def restore_report(end: PhaseEnd, duration: float) -> LogEvent:
    """Return the event that ends a restore; the duration is in milliseconds."""
    return _report(RESTORE_REPORT, {}, end, duration)


def _report(kind: str, record: dict[str, Any], end: PhaseEnd, duration: float) -> LogEvent:
    record |= end.as_record() | {"metrics": {"durationMs": round(duration, 3)}}
    return LogEvent(kind, record, in_text=end.status != "success")
