from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


class CountingServer(ThreadingHTTPServer):
    connections = 0

    def process_request(self, request, client_address) -> None:
        self.connections += 1
        super().process_request(request, client_address)


@pytest.fixture
def service() -> Iterator[CountingServer]:
    with CountingServer(("127.0.0.1", 0), Service) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_connections_outlive_an_invocation(lambda_emulator, service):
    url = f"http://127.0.0.1:{service.server_port}/"
    emulator = lambda_emulator("app.handler", env={"SERVICES": url})
    for _ in range(3):
        assert emulator.invoke({}).payload == {url: 204}
    assert service.connections == 1
