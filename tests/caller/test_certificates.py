"""An endpoint with HTTPS shows a certificate that somebody trusted has signed, on loopback too."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lambda_ric.testing import AsyncLambdaClient, InvokeRequest, LambdaClient
from tests.conftest import Require
from tests.support.scripted_lambda import Scripted, scripted_lambda


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
    with scripted_lambda(Scripted(parts=[b"{}"]), certificate) as server:
        yield server.url


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
