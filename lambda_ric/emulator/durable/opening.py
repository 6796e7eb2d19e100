"""Opens the executions of an emulator, with the store that keeps them."""

from __future__ import annotations

from collections.abc import Mapping

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.durable.executions import Executions
from lambda_ric.emulator.durable.store import MemoryStore, Store
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.scheduling.scheduler import Scheduler


def open_executions(
    functions: Mapping[str, Scheduler],
    clock: Clock,
    log: Log,
    *,
    state: str | None,
    skip_time: bool,
) -> Executions:
    """Return the executions, kept in the SQLite file `state` if one is given.

    Raises StateError for a file that cannot be used, or that another emulator uses.
    """
    store: Store = MemoryStore()
    if state:
        from lambda_ric.emulator.durable.sqlite_store import SqliteStore  # and sqlite3 with it

        store = SqliteStore(state)
    return Executions(functions, store, clock, log, skip_time=skip_time)
