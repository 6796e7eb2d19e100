"""A function that takes a while to end."""

from __future__ import annotations

import time

from lambda_ric import on_shutdown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def handler(event: Any, context: Any) -> None:
    """Do nothing."""


@on_shutdown
def end_slowly() -> None:
    print("ending", flush=True)
    time.sleep(0.4)
