"""A subscriber of the Telemetry API that listens in the test's own process."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TELEMETRY = "/2022-07-01/telemetry"
LOGS = "/2020-08-15/logs"

INIT = {"initializationType", "phase"}
INSTANCE = {"functionName", "functionVersion", "instanceId", "instanceMaxMemory"}
FIELDS: dict[str, tuple[set[str], set[str]]] = {
    "platform.initStart": (INIT | {"functionName", "functionVersion"}, INSTANCE),
    "platform.initRuntimeDone": (INIT | {"status"}, {"errorType", "spans"}),
    "platform.initReport": (INIT | {"status", "metrics"}, {"errorType", "spans"}),
    "platform.restoreStart": ({"functionName", "functionVersion"}, INSTANCE),
    "platform.restoreRuntimeDone": ({"status"}, {"errorType", "spans"}),
    "platform.restoreReport": ({"status", "metrics"}, {"errorType", "spans"}),
    "platform.start": ({"requestId", "version"}, {"tracing", "tenantId"}),
    "platform.runtimeDone": ({"requestId", "status", "metrics"}, {"errorType", "spans", "tracing"}),
    "platform.report": (
        {"requestId", "status", "metrics"},
        {"errorType", "spans", "tracing", "tenantId"},
    ),
    "platform.extension": ({"name", "state", "events"}, {"errorType"}),
    "platform.telemetrySubscription": ({"name", "state", "types"}, set()),
}
"""What AWS's "Telemetry API Event schema reference" requires of each record, and what it allows."""


class Listener:
    """What has arrived: bodies as they were sent, and the events in them.

    `statuses` are answered in their order, then 200. While `is_open` is cleared, nothing is.
    """

    def __init__(self) -> None:
        self.batches: list[Any] = []
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.statuses: list[int] = []
        self.is_open = threading.Event()
        self.is_open.set()
        self.port = 0
        self.connections: list[socket.socket] = []
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events so far."""
        return [event for batch in self.batches for event in batch]

    def records(self, kind: str) -> list[Any]:
        """The records of all events of a type."""
        return [event["record"] for event in self.events if event["type"] == kind]

    async def wait_for(self, kind: str, times: int = 1) -> list[Any]:
        """Return the records of a type once there are so many of them."""
        await self.wait_until(lambda: len(self.records(kind)) >= times)
        return self.records(kind)

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds of what has arrived."""
        while not condition():
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 30)

    def hang_up(self) -> None:
        """Close the connections, as a process does that ends."""
        for connection in self.connections:
            connection.shutdown(socket.SHUT_RDWR)

    def took(self, batch: Any) -> None:
        """Take a batch, in a thread."""
        self.batches.append(batch)
        self._loop.call_soon_threadsafe(self._changed.set)


@contextmanager
def http_listener() -> Iterator[Listener]:
    """Listen for posts."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.is_open.wait(30)
            status = listener.statuses.pop(0) if listener.statuses else 200
            listener.requests.append((self.path, dict(self.headers)))
            if status == 200:
                listener.took(json.loads(body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        listener.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield listener
        finally:
            listener.is_open.set()
            server.shutdown()
            thread.join()


@contextmanager
def tcp_listener() -> Iterator[Listener]:
    """Listen for lines."""
    listener = Listener()

    def read(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                listener.took([json.loads(line)])

    def accept(server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            listener.connections.append(connection)
            threading.Thread(target=read, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        listener.port = server.getsockname()[1]
        thread = threading.Thread(target=accept, args=(server,))
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown(socket.SHUT_RDWR)
    thread.join()


def subscription(
    port: int,
    *types: str,
    schema: str = "2025-01-29",
    protocol: str = "HTTP",
    **buffering: int,
) -> dict[str, Any]:
    """Return a request to subscribe; without types, to everything."""
    destination: dict[str, Any] = {"protocol": "TCP", "port": port}
    if protocol == "HTTP":
        destination = {"protocol": "HTTP", "URI": f"http://sandbox.localdomain:{port}/here?a=b"}
    return {
        "schemaVersion": schema,
        "types": types or ("platform", "function", "extension"),
        "buffering": {"timeoutMs": 25, **buffering},
        "destination": destination,
    }


def subscribing(*requests: tuple[str, dict[str, Any]]) -> dict[str, str]:
    """Return the variable with which the extension of the tests subscribes to so much."""
    return {"SUBSCRIBE": json.dumps(requests)}
