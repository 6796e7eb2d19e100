"""Operations, page by page: the state of an execution may be larger than one message.

A marker says which changes are listed, those after a count, and how many operations precede the
page.
"""

from __future__ import annotations

import json
from typing import Any

from lambda_ric.emulator.api_errors import invalid_parameter
from lambda_ric.emulator.durable.execution import Execution
from lambda_ric.emulator.durable.operation import (
    EXECUTION,
    STARTED,
    Moment,
    in_milliseconds,
    in_seconds,
)

PAGE_SIZE = 5 * 1_048_576
"""Bytes of JSON after which a page ends."""

MAX_ITEMS = 1_000


def first_page(execution: Execution) -> dict[str, Any]:
    """Return the beginning of the state, as the event of an invocation has it."""
    return _page(execution, 0, 0, MAX_ITEMS, in_milliseconds)


def changes_page(execution: Execution) -> dict[str, Any]:
    """Return the operations that changed since the handler last heard of them."""
    return _page(execution, execution.seen, 1, MAX_ITEMS, in_seconds)


def state_page(execution: Execution, marker: str, limit: int) -> dict[str, Any]:
    """Return the page at a marker; "" is the beginning. Raises ApiError."""
    since, _, start = (marker or "0-0").partition("-")
    if not since.isdecimal() or not start.isdecimal():
        raise invalid_parameter("Invalid marker.")
    return _page(execution, int(since), int(start), limit or MAX_ITEMS, in_seconds)


def _page(
    execution: Execution, since: int, start: int, limit: int, moment: Moment
) -> dict[str, Any]:
    """Return a page of the operations that changed after a count, the execution itself first."""
    page: list[dict[str, Any]] = []
    size = 0
    changed = execution.changed_after(since)
    for index in range(start, len(changed) + 1):
        member = changed[index - 1].wire(moment) if index else _execution(execution, moment)
        size += len(json.dumps(member))
        if page and (size > PAGE_SIZE or len(page) >= limit):
            return {"Operations": page, "NextMarker": f"{since}-{index}"}
        page.append(member)
    return {"Operations": page, "NextMarker": ""}


def _execution(execution: Execution, moment: Moment) -> dict[str, Any]:
    origin = execution.origin
    return {
        "Id": origin.id,
        "Name": origin.name,
        "Type": EXECUTION,
        "Status": STARTED,
        "StartTimestamp": moment(origin.started),
        "ExecutionDetails": {"InputPayload": origin.input},
    }
