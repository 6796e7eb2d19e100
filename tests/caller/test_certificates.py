"""An endpoint with HTTPS shows a certificate that somebody trusted has signed, on loopback too."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from lambda_ric.testing import AsyncLambdaClient, InvokeRequest, LambdaClient
from tests.conftest import Require


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""


class _Server(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that leave during the handshake."""


@pytest.fixture
def certificate(tmp_path: Path, require: Require) -> Path:
    """A certificate of 127.0.0.1 that signs itself, and its key, in one file."""
    require(shutil.which("openssl"), "there is no openssl")
    key, signed, both = tmp_path / "key.pem", tmp_path / "signed.pem", tmp_path / "both.pem"
    subject = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-keyout", str(key), "-out", str(signed), *subject]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    both.write_text(key.read_text() + signed.read_text())
    return both


@pytest.fixture
def endpoint(certificate: Path) -> Iterator[str]:
    """The URL of a server with this certificate."""
    with _Server(("127.0.0.1", 0), _Answering) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_certificate_that_nobody_trusted_has_signed_is_refused(endpoint: str) -> None:
    with (
        LambdaClient(endpoint) as client,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.invoke(InvokeRequest(b"{}"))


def test_the_asynchronous_client_refuses_it_as_well(endpoint: str) -> None:
    async def invoke() -> None:
        async with AsyncLambdaClient(endpoint) as client:
            await client.invoke(InvokeRequest(b"{}"))

    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        asyncio.run(invoke())


def test_one_that_is_trusted_is_taken(
    endpoint: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with LambdaClient(endpoint) as client:
        assert client.invoke(InvokeRequest(b"{}")).payload == {}
