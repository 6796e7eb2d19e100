"""Lists of executions and of the events of one, page by page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lambda_ric.emulator.api_errors import invalid_parameter
from lambda_ric.emulator.api_query import Query
from lambda_ric.emulator.durable.execution import Execution
from lambda_ric.emulator.durable.history import without_data
from lambda_ric.emulator.durable.operation import given, in_seconds
from lambda_ric.emulator.durable.pages import PAGE_SIZE
from lambda_ric.emulator.durable.store import Store, Summary
from lambda_ric.emulator.function import FunctionConfig

STATUSES = frozenset(
    ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED", "DELETING", "PAUSING", "PAUSED")
)


def executions_page(store: Store, function: FunctionConfig, query: Query) -> dict[str, Any]:
    """Return a page of the executions of a function. Raises ApiError for a malformed query."""
    wanted = query.texts("Statuses")
    if not STATUSES.issuperset(wanted):
        raise invalid_parameter(f"Statuses must be among {', '.join(sorted(STATUSES))}.")
    name, version = query.text("DurableExecutionName"), query.text("Qualifier")
    after, before = query.time("StartedAfter"), query.time("StartedBefore")
    found = [
        summary
        for summary in store.summaries(function.name)
        if (not wanted or summary.status in wanted)
        and (not name or summary.name == name)
        and (not version or summary.version == function.executed_version(version))
        and (after is None or in_seconds(summary.started) > after)
        and (before is None or in_seconds(summary.started) < before)
    ]
    if query.flag("ReverseOrder"):
        found.reverse()
    start, limit = query.start(), query.max_items()
    page = [_listed(summary, function) for summary in found[start : start + limit]]
    more = str(start + limit) if start + limit < len(found) else None
    return {"DurableExecutions": page, **given(NextMarker=more)}


def _listed(summary: Summary, function: FunctionConfig) -> dict[str, Any]:
    return given(
        DurableExecutionArn=summary.arn,
        DurableExecutionName=summary.name,
        FunctionArn=function.arn(summary.version),
        Status=summary.status,
        StartTimestamp=in_seconds(summary.started),
        EndTimestamp=None if summary.ended is None else in_seconds(summary.ended),
    )


def history_page(execution: Execution, query: Query) -> dict[str, Any]:
    """Return a page of the history of an execution. Raises ApiError for a malformed query."""
    with_data = query.flag("IncludeExecutionData")
    events: Sequence[dict[str, Any]] = execution.events
    if query.flag("ReverseOrder"):
        events = events[::-1]
    start, limit = query.start(), query.max_items()
    page: list[dict[str, Any]] = []
    size = 0
    for event in events[start : start + limit]:
        shown = event if with_data else without_data(event)
        size += len(json.dumps(shown))
        if page and size > PAGE_SIZE:
            break
        page.append(shown)
    end = start + len(page)
    return {"Events": page, **given(NextMarker=str(end) if end < len(events) else None)}
