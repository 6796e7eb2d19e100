"""A server that answers invokes as it is told, for what no healthy Lambda would do."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread


@dataclass
class Scripted:
    """What to answer, once the `gate` is open.

    The `parts` go out as chunks, and the connection breaks after them without `whole`.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)
    whole: bool = True
    gate: Event | None = None


@dataclass
class ScriptedLambda:
    """The server's URL, and the requests it has seen: path, headers, body."""

    url: str
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


class _QuietServer(ThreadingHTTPServer):
    """Says nothing of clients that leave early: a command in this process has the same stderr."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def scripted_lambda(answer: Scripted, certificate: Path | None = None) -> Iterator[ScriptedLambda]:
    """Serve one answer to every request, on a free port.

    A file with a certificate and its key makes it HTTPS.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.requests.append((self.path, headers, body))
            if answer.gate is not None:
                answer.gate.wait(30)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status == 204:
                self.end_headers()
                return
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in answer.parts:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            if answer.whole:
                self.wfile.write(b"0\r\n\r\n")
            else:
                self.close_connection = True

        def log_message(self, format: str, *arguments: object) -> None:
            """Keep quiet."""

    with _QuietServer(("127.0.0.1", 0), Handler) as server:
        scheme = "http"
        if certificate is not None:
            scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        seen = ScriptedLambda(f"{scheme}://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()
