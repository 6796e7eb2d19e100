"""What tools send to: an HTTP server and a UDP port that keep everything."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Request(NamedTuple):
    """One request, its body unpacked."""

    path: str
    body: bytes

    def lines(self) -> list[Any]:
        """Return the values of a body that has one JSON value a line."""
        return [json.loads(line) for line in self.body.splitlines() if line.strip()]


class Collector:
    """Takes whatever is sent, on ports of its own; a context manager."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.datagrams: list[bytes] = []

    def __enter__(self) -> Collector:
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                requests.append(Request(self.path, _unpack(body)))
                self._answer()

            def do_GET(self) -> None:
                self._answer()

            def _answer(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b"{}")

            do_PUT = do_POST

            def log_message(self, *arguments: object) -> None:
                """Print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._threads = [
            threading.Thread(target=self._server.serve_forever, daemon=True),
            threading.Thread(target=self._receive, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", self._udp.getsockname())
        for thread in self._threads:
            thread.join()
        self._udp.close()

    @property
    def http(self) -> str:
        """The address of the HTTP server, without a scheme."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def udp(self) -> str:
        """The address of the UDP port."""
        return f"127.0.0.1:{self._udp.getsockname()[1]}"

    def _receive(self) -> None:
        while data := self._udp.recv(65_536):
            self.datagrams.append(data)


def _unpack(body: bytes) -> bytes:
    if body.startswith(b"\x1f\x8b"):
        return gzip.decompress(body)
    try:
        return zlib.decompress(body)
    except zlib.error:
        return body
