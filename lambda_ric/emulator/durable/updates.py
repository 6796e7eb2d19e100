"""The updates of a checkpoint: read from JSON, and held to the limits of the service.

Source: the shape `OperationUpdate` in the service model of the AWS SDKs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lambda_ric.emulator.api_errors import ApiError, invalid_parameter
from lambda_ric.emulator.durable.operation import ErrorObject

START = "START"
SUCCEED = "SUCCEED"
FAIL = "FAIL"
RETRY = "RETRY"
CANCEL = "CANCEL"

MAX_PAYLOAD = 6_291_456
MAX_DELAY = 31_622_400
MAX_CALLBACK_TIMEOUT = 99_999_999

_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")
_NAME = re.compile(r"[\x20-\x7e]{1,256}")
_SUB_TYPE = re.compile(r"[a-zA-Z0-9-_]{1,32}")
_TENANT = re.compile(r"[a-zA-Z0-9._:/=+\-@ ]{1,256}")
_TYPES = ("EXECUTION", "CONTEXT", "STEP", "WAIT", "CALLBACK", "CHAINED_INVOKE")
_ACTIONS = (START, SUCCEED, FAIL, RETRY, CANCEL)


@dataclass(frozen=True, slots=True)
class Update:
    """One change that a handler reports. Durations are in seconds, None where not given."""

    id: str
    type: str
    action: str
    parent_id: str | None = None
    name: str | None = None
    sub_type: str | None = None
    payload: str | None = None
    error: ErrorObject | None = None
    replay_children: bool = False
    next_attempt: int | None = None
    wait: int | None = None
    timeout: int = 0
    heartbeat: int = 0
    target: str | None = None
    tenant_id: str | None = None


def read_updates(value: Any) -> list[Update]:
    """Return the updates of a checkpoint. Raises ApiError for what the service refuses."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise _wrong("updates", "a list")
    return [_read(member, f"updates.{number}") for number, member in enumerate(value, 1)]


def read_error(value: Any, where: str) -> ErrorObject | None:
    """Return an error object, None if it is not given. Raises ApiError."""
    members = _object(value, where)
    if members is None:
        return None
    error: ErrorObject = {}
    for name in ("ErrorMessage", "ErrorType", "ErrorData"):
        if members.get(name) is not None:
            error[name] = _text(members[name], f"{where}.{name}", lambda text: True)
    trace = members.get("StackTrace")
    if trace is not None:
        if not isinstance(trace, list) or not all(isinstance(line, str) for line in trace):
            raise _wrong(f"{where}.StackTrace", "a list of strings")
        error["StackTrace"] = trace
    return error


def _read(value: Any, where: str) -> Update:
    members = _object(value, where)
    if members is None:
        raise _wrong(where, "an object")

    def optional(name: str, check: Callable[[str], object]) -> str | None:
        member = members.get(name)
        return None if member is None else _text(member, f"{where}.{name}", check)

    def required(name: str, check: Callable[[str], object]) -> str:
        return _text(members.get(name), f"{where}.{name}", check)

    def options(name: str) -> dict[str, Any]:
        return _object(members.get(name), f"{where}.{name}") or {}

    callback = options("CallbackOptions")
    chained = options("ChainedInvokeOptions")
    return Update(
        id=required("Id", _ID.fullmatch),
        type=required("Type", _TYPES.__contains__),
        action=required("Action", _ACTIONS.__contains__),
        parent_id=optional("ParentId", _ID.fullmatch),
        name=optional("Name", _NAME.fullmatch),
        sub_type=optional("SubType", _SUB_TYPE.fullmatch),
        payload=optional("Payload", lambda text: len(text.encode()) <= MAX_PAYLOAD),
        error=read_error(members.get("Error"), f"{where}.Error"),
        replay_children=options("ContextOptions").get("ReplayChildren") is True,
        next_attempt=_seconds(options("StepOptions"), "NextAttemptDelaySeconds", 1, MAX_DELAY),
        wait=_seconds(options("WaitOptions"), "WaitSeconds", 1, MAX_DELAY),
        timeout=_seconds(callback, "TimeoutSeconds", 0, MAX_CALLBACK_TIMEOUT) or 0,
        heartbeat=_seconds(callback, "HeartbeatTimeoutSeconds", 0, MAX_CALLBACK_TIMEOUT) or 0,
        target=_member(chained, "FunctionName", lambda text: 0 < len(text) <= 256),
        tenant_id=_member(chained, "TenantId", _TENANT.fullmatch),
    )


def _object(value: Any, where: str) -> dict[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise _wrong(where, "an object")
    return value


def _member(options: dict[str, Any], name: str, check: Callable[[str], object]) -> str | None:
    return None if options.get(name) is None else _text(options[name], name, check)


def _text(value: Any, where: str, check: Callable[[str], object]) -> str:
    if not isinstance(value, str) or not check(value):
        raise _wrong(where, "a string within its pattern and its length")
    return value


def _seconds(options: dict[str, Any], name: str, least: int, most: int) -> int | None:
    value = options.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _wrong(name, f"a whole number between {least} and {most}")
    return value


def _wrong(where: str, expected: str) -> ApiError:
    return invalid_parameter(
        f"1 validation error detected: Value at '{where}' failed to satisfy constraint: "
        f"Member must be {expected}"
    )
