"""Greets whoever the event names."""

from __future__ import annotations

from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, str]:
    return {"greeting": f"Hello, {event['name']}!", "function": context.function_name}
