"""Events that are not HTTP requests: they are posted to a path of the application, as JSON."""

from __future__ import annotations

from lambda_ric.runtime import payloads
from lambda_ric.sdk.web.request import HttpRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.sdk.web.request import Fields

_EXCERPT = 300  # characters


class EventNotHandled(Exception):
    """The application refused an event that is not an HTTP request."""


def event_request(event: Any, path: str) -> HttpRequest:
    """Return the request that carries an event. Raises EventNotHandled when there is no path."""
    if not path:
        raise EventNotHandled(
            "the event is not an HTTP request, and no events_path is given to post it to"
        )
    body = payloads.encode(event).encode("utf-8", "surrogatepass")
    return HttpRequest(
        "POST",
        path,
        answer=lambda status, fields, body: _read_result(path, status, fields, body),
        fields=[("content-type", "application/json")],
        body=body,
    )


def _read_result(path: str, status: int, fields: Fields, body: bytes) -> Any:
    """Return the result in the body of a response: JSON, text, or None.

    Raises EventNotHandled for a status that means failure. Otherwise a 404 or 500 would count as
    handled, and a message of a queue would be deleted.
    """
    text = body.decode("utf-8", "replace")
    if status >= 400:
        raise EventNotHandled(
            f"the event is not an HTTP request, so it was sent to POST {path}; "
            f"the application answered {status}: {text[:_EXCERPT]}"
        )
    if not text:
        return None
    is_json = "json" in dict(fields).get("content-type", "")
    return payloads.decode(body) if is_json else text
