"""Greets whoever the event names. Change the greeting while it runs."""

from __future__ import annotations

from typing import Any

GREETING = "Hello"


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    return {"greeting": f"{GREETING}, {event.get('name', 'world')}!"}
