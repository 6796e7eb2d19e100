"""A function with SnapStart hooks, whose event tells nothing: variables say what shall fail."""

from __future__ import annotations

import os

from lambda_ric import after_restore, before_snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

happened = ["loaded"]


@before_snapshot
def _before() -> None:
    happened.append("before snapshot")
    if os.environ.get("FAIL") == "before":
        raise ValueError("not now")


@after_restore
def _after() -> None:
    happened.append("after restore")
    if os.environ.get("FAIL") == "after":
        raise ConnectionError("no database")


def handler(event: Any, context: Any) -> Any:
    return {"type": os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"], "happened": happened}
