"""The kinds of handlers that the doctor tells apart."""

from __future__ import annotations

KINDS = {
    "function": "its result is sent when it returns",
    "async function": "it is awaited, its result is sent when it returns",
    "generator": "each piece that it yields is sent at once",
    "async generator": "each piece that it yields is sent at once",
    "ASGI application": "each HTTP request is passed to it",
    "WSGI application": "each HTTP request is passed to it",
    "class": "a call makes an object, and Lambda cannot send objects",
    "not callable": "Lambda cannot call it",
}
"""The kinds of handler, and what the runtime does with them."""
