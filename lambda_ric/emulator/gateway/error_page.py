"""The page that a browser gets for a function that failed; only a local front door has it."""

from __future__ import annotations

import json
from html import escape

from lambda_ric.emulator.gateway.answers import Answer
from lambda_ric.emulator.http.exchange import Exchange

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:15px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;padding:0 1rem}"
    "h1{font-size:1.4rem;margin:.3rem 0 1rem;overflow-wrap:anywhere;white-space:pre-line}"
    "pre{background:#8882;border-radius:4px;overflow:auto;padding:1rem;tab-size:4}"
    "code,pre{font-size:.9rem}small{color:#888}"
)


def wants_page(exchange: Exchange) -> bool:
    """Return whether the client is a browser that shows what it gets."""
    return "text/html" in exchange.field(b"accept")


def error_page(answer: Answer, payload: bytes, exchange: Exchange, request_id: str) -> Answer:
    """Return a page about an error instead of the answer that AWS gives; the status is the same.

    `payload` is the error as the runtime has reported it. The page brings an empty icon, or the
    browser would ask the function for one.
    """
    try:
        error = json.loads(payload)
    except ValueError:
        error = None
    if not isinstance(error, dict):
        error = {"errorMessage": payload.decode("utf-8", "replace")}
    title = f"{error.get('errorType') or 'Error'}: {error.get('errorMessage') or ''}"
    trace = error.get("stackTrace")
    lines = "".join(map(str, trace)) if isinstance(trace, list) else ""
    shown = f"<pre>{escape(lines)}</pre>" if lines else ""
    request = f"{exchange.request.method.decode()} {exchange.request.target.decode()}"
    text = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>"
        f'<link rel=icon href="data:,"><style>{_STYLE}</style>'
        f"<small>{escape(request)}</small><h1>{escape(title)}</h1>{shown}"
        f"<p>In Lambda, the client gets the status {answer.status} and "
        f"<code>{escape(answer.body.decode('utf-8', 'replace'))}</code> instead of this page.</p>"
        f"<small>The terminal shows all of the log, at request {escape(request_id)}.</small></html>"
    )
    return Answer(answer.status, [("Content-Type", "text/html; charset=utf-8")], text.encode())
