"""Local Lambdas, ours and AWS's, and invokes through them on one kept connection."""

from __future__ import annotations

import http.client
import platform
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.child import ENVIRONMENT
from benchmarks.environments import CACHE
from benchmarks.peers import FUNCTIONS, OURS, python_of
from benchmarks.scripted_api import LIMIT_SECONDS, PeerFailed

INVOCATIONS = "/2015-03-31/functions/function/invocations"
STREAMING_INVOCATIONS = "/2021-11-15/functions/function/response-streaming-invocations"
RELAY = "the least: a relay"
"""The name of `relay.py`, a lower bound and no emulator."""
SAM_CLI = "aws-sam-cli==1.170.0"
"""Its wheel carries AWS's Runtime Interface Emulator."""

_MACHINES = {"x86_64": "x86_64", "aarch64": "arm64"}


class Emulator:
    """A running emulator with one function."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)

    def invoke(self, payload: bytes) -> bytes:
        """Invoke the function and return its result."""
        self._connection.request("POST", INVOCATIONS, payload)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise PeerFailed(f"{response.status} {body!r}")
        return body

    def stream(self, payload: bytes) -> Iterator[bytes]:
        """Invoke the function and yield its streamed result as it comes."""
        self._connection.request("POST", STREAMING_INVOCATIONS, payload)
        response = self._connection.getresponse()
        while data := response.read1(1_048_576):
            yield data

    def time_of_invoke(self, payload: bytes) -> float:
        """Invoke the function and return the seconds that it took."""
        started = time.perf_counter()
        self.invoke(payload)
        return time.perf_counter() - started


def time_of_get(connection: http.client.HTTPConnection, path: str) -> float:
    """Send a request over a kept connection; return the seconds until its whole response."""
    started = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise PeerFailed(f"{response.status} {body!r}")
    return time.perf_counter() - started


@contextmanager
def emulating(emulator: Callable[[int, int], list[str]], argv: Sequence[str]) -> Iterator[Emulator]:
    """Start an emulator, given by what makes a command line of two ports, with a runtime."""
    port, api_port = free_ports(2)
    environment = {k: v for k, v in ENVIRONMENT.items() if not k.startswith("AWS_LAMBDA_")}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*emulator(port, api_port), *argv],
            cwd=FUNCTIONS,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            await_listening(port)
            yield Emulator(process.pid, port)
        except (PeerFailed, http.client.HTTPException, OSError) as failure:
            log.seek(0)
            raise PeerFailed(f"{process.args!r}: {failure}\n{log.read().decode()}") from failure
        finally:
            process.terminate()
            process.wait(LIMIT_SECONDS)


def ours(port: int, api_port: int) -> list[str]:
    """Return the command line of our emulator, before that of the runtime."""
    return [str(python_of(OURS)), "-m", "lambda_ric", "emulate", *_addresses(port, api_port), "--"]


def durable(*options: str) -> Callable[[int, int], list[str]]:
    """Return what makes the command line of our emulator with a durable function."""

    def command(port: int, api_port: int) -> list[str]:
        return [*ours(port, api_port)[:-1], "--durable", *options, "--"]

    return command


def of_aws(port: int, api_port: int) -> list[str]:
    """Return the command line of AWS's emulator, before that of the runtime."""
    program = CACHE / "aws-lambda-rie"
    if not program.exists():
        _fetch(program)
    return [str(program), *_addresses(port, api_port)]


def relaying(port: int, api_port: int) -> list[str]:
    """Return the command line of the relay, before that of the runtime."""
    relay = Path(__file__).with_name("relay.py")
    return [str(python_of(OURS)), str(relay), *_addresses(port, api_port)]


def _addresses(port: int, api_port: int) -> list[str]:
    return [
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{port}",
        "--runtime-api-address",
        f"127.0.0.1:{api_port}",
    ]


def free_ports(count: int) -> list[int]:
    """Return ports that were free a moment ago."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def await_listening(port: int) -> None:
    """Wait until a port of this machine takes connections."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _fetch(program: Path) -> None:
    with tempfile.TemporaryDirectory(dir=CACHE) as directory:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*download, "--dest", directory, SAM_CLI], check=True)
        (wheel,) = Path(directory).glob("*.whl")
        name = f"samcli/local/rapid/aws-lambda-rie-{_MACHINES[platform.machine()]}"
        with zipfile.ZipFile(wheel) as archive:
            unpacked = Path(archive.extract(name, directory))
        unpacked.chmod(0o755)
        unpacked.replace(program)
