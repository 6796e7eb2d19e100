"""Finds the front door that an event came through, if it is an HTTP request."""

from __future__ import annotations

from lambda_ric.sdk.web import load_balancer, payload_1, payload_2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.sdk.web.request import HttpRequest


def read(event: Any, base_path: str = "") -> HttpRequest | None:
    """Return the request of an event, or None when the event is something else.

    Raises ValueError when its body cannot be decoded.
    """
    context = event.get("requestContext") if type(event) is dict else None
    if type(context) is not dict:
        return None
    if "http" in context:
        return payload_2.read(event, base_path)
    if "httpMethod" not in event:
        return None  # such as a message of a WebSocket
    if "elb" in context:
        return load_balancer.read(event, base_path)
    return payload_1.read(event, base_path)
