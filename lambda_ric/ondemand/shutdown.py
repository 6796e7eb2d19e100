"""Shutdown: an internal extension makes Lambda announce it, and then the hooks run.

Lambda sends SIGTERM to a runtime only where an extension is registered, external or in the
runtime's own process. Registering one, without any events, costs nothing later: a thread waits for
an answer that never comes (source: "Lambda Extensions API" and "Shutdown phase" in the AWS Lambda
developer guide, and AWS's runtime client for Go, which does the same).
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from contextlib import suppress

from lambda_ric.runtime import doors
from lambda_ric.runtime.client import RuntimeApiClient
from lambda_ric.runtime.errors import RuntimeApiError
from lambda_ric.sdk import hooks
from lambda_ric.wire.writers import encode_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from lambda_ric.runtime.loop import Runtime

EXTENSION_NAME = "lambda-ric-shutdown"
HOOK_SECONDS = 0.4
"""Seconds for all async hooks; Lambda kills the process 500 ms after its announcement."""

_REGISTER = "/2020-01-01/extension/register"
_NEXT_EVENT = "/2020-01-01/extension/event/next"
_NAME = "Lambda-Extension-Name"
_IDENTIFIER = "Lambda-Extension-Identifier"
_NO_EVENTS = b'{"events": []}'

_TAKEN = b"already registered"

_log = logging.getLogger("lambda_ric")
_announced_at: float | None = None  # on the monotonic clock


def watch(runtime: Runtime) -> None:
    """Register the extension, and let SIGTERM end this process as `catch_sigterm` does."""
    catch_sigterm()
    _register(runtime)


def catch_sigterm() -> None:
    """End this process by SystemExit when SIGTERM comes.

    If the function has set a SIGTERM handler, that handler stays and decides what happens; the
    hooks run when it ends the process.
    """
    if threading.current_thread() is threading.main_thread():
        previous = signal.getsignal(signal.SIGTERM)
        if previous in (signal.SIG_DFL, None):
            signal.signal(signal.SIGTERM, _on_sigterm)
        elif callable(previous):
            signal.signal(signal.SIGTERM, _announce_and(previous))


def run_hooks(runtime: Runtime) -> None:
    """Run the hooks, the last one registered first, if a shutdown was announced.

    An error of a hook is logged, and the others still run.
    """
    while _announced_at is not None and hooks.shutdown_hooks:
        hook = hooks.shutdown_hooks.pop()
        try:
            result = hook()
            if hasattr(type(result), "__await__"):
                left = _announced_at + HOOK_SECONDS - time.monotonic()
                doors.event_loop(runtime).run_hook(result, max(left, 0.0))
        except Exception:
            _log.exception("a shutdown hook failed")


def _on_sigterm(number: int, frame: Any) -> None:
    if _announce():
        sys.exit(0)


def _announce_and(previous: Callable[[int, Any], Any]) -> Callable[[int, Any], Any]:
    def handle(number: int, frame: Any) -> Any:
        _announce()
        return previous(number, frame)

    return handle


def _announce() -> bool:
    """Note that the shutdown is announced; return whether it is the first time.

    A second SIGTERM must not interrupt the hooks.
    """
    global _announced_at
    first = _announced_at is None
    if first:
        _announced_at = time.monotonic()
    return first


def _register(runtime: Runtime) -> None:
    """Register, and wait in a thread for the event that never comes."""
    api = RuntimeApiClient(runtime.settings)  # its connection will wait forever
    head = _encode(api, "POST", _REGISTER, (_NAME, EXTENSION_NAME), len(_NO_EVENTS))
    try:
        status, fields, answer = api.exchange(head, _NO_EVENTS)
        if _TAKEN in answer:
            return  # by another worker process of this execution environment
        identifier = dict(fields).get(_IDENTIFIER.lower().encode(), b"").decode()
        if status != 200 or not identifier:
            raise RuntimeApiError(f"answered {status}: {answer[:200].decode(errors='replace')}")
    except RuntimeApiError as error:
        _log.warning("the shutdown will not be announced to this function: %s", error)
        return
    threading.Thread(target=_wait, args=(api, identifier), name=EXTENSION_NAME, daemon=True).start()


def _wait(api: RuntimeApiClient, identifier: str) -> None:
    with suppress(RuntimeApiError):  # the Runtime API ends, and so does this process
        api.exchange(_encode(api, "GET", _NEXT_EVENT, (_IDENTIFIER, identifier)))


def _encode(
    api: RuntimeApiClient, method: str, path: str, field: tuple[str, str], size: int = 0
) -> bytes:
    fields = [("Host", api.name), field, ("Content-Length", str(size))]
    return encode_request(method, api.path + path, fields)
