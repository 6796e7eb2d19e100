"""How the result of an invocation is printed, by `invoke` and by `--event`.

A streamed HTTP response begins with a prelude, which is no text for people. On a terminal it is
shown as status and headers before the body. In a pipe the body is alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from lambda_ric.caller.http_prelude import split_prelude


def print_result(payload: bytes) -> None:
    """Print a result: JSON on a line, laid out on a terminal, and other bytes as they are."""
    out = sys.stdout.buffer
    prelude, body = split_prelude(payload)
    if prelude is not None:
        print_prelude(prelude)
    try:
        result = json.loads(body)
    except ValueError:
        out.write(body if body.endswith(b"\n") or not sys.stdout.isatty() else body + b"\n")
    else:
        if sys.stdout.isatty():
            body = json.dumps(result, indent=2, ensure_ascii=False).encode()
        out.write(body.rstrip() + b"\n")
    out.flush()


def print_prelude(prelude: Mapping[str, Any]) -> None:
    """Print status, headers and cookies of an HTTP response, if a person reads them."""
    if not sys.stdout.isatty():
        return
    headers = prelude.get("headers")
    lines = [f"HTTP {prelude.get('statusCode', 200)}"]
    if isinstance(headers, Mapping):
        lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"set-cookie: {cookie}" for cookie in prelude.get("cookies") or ()]
    print("\n".join(lines), end="\n\n", flush=True)
