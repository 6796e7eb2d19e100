"""The smallest function: greets whoever the event names."""

from __future__ import annotations

from typing import Any


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    return {"greeting": f"Hello, {event.get('name', 'world')}!"}
