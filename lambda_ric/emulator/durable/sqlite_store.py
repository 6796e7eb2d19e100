"""The store that keeps executions in an SQLite file, so that they survive the emulator."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from lambda_ric.emulator.durable.execution import Ending, Execution, Origin, Pause
from lambda_ric.emulator.durable.operation import Operation
from lambda_ric.emulator.durable.state_error import StateError
from lambda_ric.emulator.durable.store import Summary, expiry

_SCHEMA = """
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS executions (
    arn TEXT PRIMARY KEY, id TEXT UNIQUE, function TEXT, version TEXT, name TEXT, status TEXT,
    started REAL, ended REAL, expires REAL, origin TEXT, state TEXT);
CREATE INDEX IF NOT EXISTS executions_by_name ON executions (function, version, name);
CREATE INDEX IF NOT EXISTS executions_by_expiry ON executions (expires);
CREATE TABLE IF NOT EXISTS operations (
    arn TEXT, id TEXT, position INTEGER, body TEXT, PRIMARY KEY (arn, id));
CREATE TABLE IF NOT EXISTS events (
    arn TEXT, number INTEGER, body TEXT, PRIMARY KEY (arn, number));
"""

_COUNTS = (
    "status",
    "ended",
    "changes",
    "seen",
    "delivered",
    "external",
    "ahead",
    "failures",
    "idle_answers",
    "retry_due",
    "timeout_due",
    "told",
)
"""The members of an execution that are stored as they are."""


class SqliteStore:
    """Keeps executions in a file. What was saved survives the end of the process, however it ends.

    Raises StateError for a file that cannot be used, or that another emulator uses.
    """

    def __init__(self, path: str) -> None:
        try:
            self._database = sqlite3.connect(path, timeout=0.5, isolation_level=None)
        except sqlite3.Error as error:
            raise StateError(path, error) from None
        try:
            self._database.executescript(_SCHEMA)
            self._database.execute("BEGIN EXCLUSIVE")
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            self._database.close()
            raise StateError(path, error) from None

    def save(self, execution: Execution) -> None:
        """Keep what has changed, all of it or nothing."""
        run = self._database.execute
        arn = execution.origin.arn
        run("BEGIN")
        try:
            self._save_execution(execution)
            for name in execution.dirty:
                operation = execution.operations[name]
                row = (arn, name, operation.position, json.dumps(asdict(operation)))
                run("INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?)", row)
            for event in execution.events[execution.stored_events :]:
                happened = (arn, event["EventId"], json.dumps(event))
                run("INSERT INTO events VALUES (?, ?, ?)", happened)
            run("COMMIT")
        except BaseException:
            run("ROLLBACK")
            raise
        execution.dirty.clear()
        execution.stored_events = len(execution.events)

    def _save_execution(self, execution: Execution) -> None:
        origin, ended = execution.origin, execution.ended
        state = {name: getattr(execution, name) for name in _COUNTS}
        # An invocation that is under way ends with the emulator, and is to be repeated.
        state["wanted"] = execution.wanted or execution.invocation is not None
        state["ending"] = execution.ending and asdict(execution.ending)
        state["pause"] = execution.pause and asdict(execution.pause)
        self._database.execute(
            "INSERT INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (arn) "
            "DO UPDATE SET status = excluded.status, ended = excluded.ended, "
            "expires = excluded.expires, state = excluded.state",
            (
                origin.arn,
                origin.id,
                origin.function,
                origin.version,
                origin.name,
                execution.status,
                origin.started,
                ended,
                expiry(execution),
                json.dumps(asdict(origin)) if execution.stored_events == 0 else "",
                json.dumps(state),
            ),
        )

    def load(self, arn: str) -> Execution | None:
        """Return an execution, None for an unknown ARN."""
        row = self._first("SELECT origin, state FROM executions WHERE arn = ?", arn)
        if row is None:
            return None
        execution = Execution(Origin(**json.loads(row[0])))
        state = json.loads(row[1])
        for name in (*_COUNTS, "wanted"):
            setattr(execution, name, state[name])
        execution.ending = Ending(**state["ending"]) if state["ending"] else None
        execution.pause = Pause(**state["pause"]) if state["pause"] else None
        operations = "SELECT body FROM operations WHERE arn = ? ORDER BY position"
        rows = self._database.execute(operations, (arn,))
        execution.put_back([Operation(**json.loads(body)) for (body,) in rows])
        events = "SELECT body FROM events WHERE arn = ? ORDER BY number"
        execution.events = [json.loads(body) for (body,) in self._database.execute(events, (arn,))]
        execution.stored_events = len(execution.events)
        execution.timers.set_all()
        return execution

    def named(self, function: str, version: str, name: str) -> str | None:
        """Return the ARN of the execution with this name."""
        query = "SELECT arn FROM executions WHERE function = ? AND version = ? AND name = ?"
        row = self._first(query, function, version, name)
        return None if row is None else str(row[0])

    def identified(self, execution_id: str) -> str | None:
        """Return the ARN of the execution with this id."""
        row = self._first("SELECT arn FROM executions WHERE id = ?", execution_id)
        return None if row is None else str(row[0])

    def summaries(self, function: str) -> Iterable[Summary]:
        """Return the executions of a function, the oldest first."""
        query = (
            "SELECT arn, name, function, version, status, started, ended FROM executions "
            "WHERE function = ? ORDER BY started, rowid"
        )
        return [Summary(*row) for row in self._database.execute(query, (function,))]

    def unfinished(self) -> list[str]:
        """Return the ARNs of the executions that have not ended."""
        query = "SELECT arn FROM executions WHERE ended IS NULL ORDER BY started"
        return [arn for (arn,) in self._database.execute(query)]

    def delete(self, arn: str) -> None:
        """Forget an execution."""
        run = self._database.execute
        run("BEGIN")
        for table in ("executions", "operations", "events"):
            run(f"DELETE FROM {table} WHERE arn = ?", (arn,))
        run("COMMIT")

    def forget_expired(self, now: float) -> None:
        """Forget the executions that ended before their retention period."""
        query = "SELECT arn FROM executions WHERE expires < ?"
        for (arn,) in self._database.execute(query, (now,)).fetchall():
            self.delete(arn)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _first(self, query: str, *parameters: str) -> Any:
        return self._database.execute(query, parameters).fetchone()
