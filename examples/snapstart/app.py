"""Opens its database before the snapshot, and what must not be copied after the restore."""

from __future__ import annotations

import os
import secrets
import sqlite3
from typing import Any

from lambda_ric import LambdaContext, after_restore, before_snapshot

# Slow things belong here: they are part of the snapshot, and every copy begins with them.
TABLE = {number: number**2 for number in range(100_000)}

environment: dict[str, Any] = {}


@before_snapshot
def forget() -> None:
    """Connections do not survive a snapshot, and secrets should not be in one."""
    environment.clear()


@after_restore
def begin() -> None:
    """Runs in every copy, before its first invocation. There are ten seconds for it."""
    environment["id"] = secrets.token_hex(4)
    environment["database"] = sqlite3.connect(os.environ.get("DATABASE", ":memory:"))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    (answer,) = environment["database"].execute("select 6 * 7").fetchone()
    return {"environment": environment["id"], "square": TABLE[event["number"]], "answer": answer}
