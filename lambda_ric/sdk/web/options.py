"""Options of web applications in environment variables, for those that the code does not set.

`python -m lambda_ric main:app` leaves them all to the environment. The variables of AWS's Lambda
Web Adapter have the same meaning here.
"""

from __future__ import annotations

import os

STREAM_VARIABLE = "LAMBDA_RIC_STREAM"
"""Environment variable: 1 streams the responses of web applications, 0 does not."""

_INVOKE_MODE = "AWS_LWA_INVOKE_MODE"
_BASE_PATH = "AWS_LWA_REMOVE_BASE_PATH"
_EVENTS_PATH = "AWS_LWA_PASS_THROUGH_PATH"


def chosen_stream(stream: bool | None) -> bool:
    """Return whether responses are streamed."""
    if stream is not None:
        return stream
    own = os.environ.get(STREAM_VARIABLE)
    if own:
        return own.lower() in ("1", "true", "yes", "on")
    return os.environ.get(_INVOKE_MODE, "").lower() == "response_stream"


def chosen_base_path(base_path: str) -> str:
    """Return the path under which the application is mounted, "" if it is not set."""
    return _rooted(base_path or os.environ.get(_BASE_PATH, ""))


def chosen_events_path(events_path: str | None) -> str:
    """Return the path for events that are not HTTP requests, "" if they are refused."""
    if events_path is None:
        events_path = os.environ.get(_EVENTS_PATH) or "/events"
    return _rooted(events_path)


def _rooted(path: str) -> str:
    return f"/{path.strip('/')}" if path else ""
