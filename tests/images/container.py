"""Runs an image as Lambda would: read-only, as uid 993, without rights and without a network."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.images.workshop import LIMIT, PODMAN, podman

AS_LAMBDA_WOULD = (
    *("--network", "none"),
    *("--read-only", "--tmpfs", "/tmp:rw,size=512m,mode=1777"),
    *("--user", "993:990", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--memory", "512m", "--pids-limit", "1024"),
    # podman's own defaults are above what a machine without CAP_SYS_RESOURCE may set.
    *("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"),
)
INVOCATIONS = "/2015-03-31/functions/function/invocations"

PORT = 8080
_CLONE_NEWNET = 0x40000000
_READY_WITHIN = 120.0


class Container:
    """A running container whose emulator is spoken to through its network namespace."""

    def __init__(self, name: str, port: int = PORT) -> None:
        self.name = name
        self.port = port
        self.pid = int(podman("inspect", "-f", "{{.State.Pid}}", name))

    def request(
        self, method: str, path: str, body: bytes = b"", **fields: str
    ) -> tuple[int, bytes]:
        """Send one HTTP request to the emulator's port in the container."""
        connection = http.client.HTTPConnection("localhost", self.port)
        connection.sock = _connect_inside(self.pid, self.port)
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        with connection.sock:
            connection.request(method, path, body, headers)
            with connection.getresponse() as response:
                return response.status, response.read()

    def invoke(self, event: object, **fields: str) -> Any:
        """Invoke the function as the documentation's curl does."""
        status, body = self.request("POST", INVOCATIONS, json.dumps(event).encode(), **fields)
        assert status == 200, f"{status}: {body!r}\n{self.logs()}"
        return json.loads(body)

    def logs(self) -> str:
        """What the container printed on both streams."""
        command = [*PODMAN, "logs", self.name]
        pipe, stderr = subprocess.PIPE, subprocess.STDOUT
        printed = subprocess.run(command, stdout=pipe, stderr=stderr, text=True, timeout=LIMIT)
        return printed.stdout

    def stop(self) -> int:
        """Send SIGTERM to its first process, and return its exit code."""
        os.kill(self.pid, 15)
        return int(podman("wait", self.name))


@contextmanager
def container(
    image: str, *words: str, options: tuple[str, ...] = (), port: int = PORT
) -> Iterator[Container]:
    """Start a container, wait until its port answers, and remove it in the end."""
    name = podman("run", "-d", *AS_LAMBDA_WOULD, *options, image, *words).strip()
    try:
        running = Container(name, port)
        _wait_until_it_listens(running)
        yield running
    finally:
        podman("rm", "-f", "-t", "1", name)


def _wait_until_it_listens(running: Container) -> None:
    """Nothing tells when a port is bound in another namespace, so try until it is."""
    deadline = time.monotonic() + _READY_WITHIN
    while True:
        try:
            _connect_inside(running.pid, running.port).close()
        except FileNotFoundError:
            raise AssertionError(f"it ended by itself:\n{running.logs()}") from None
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, running.logs()
            time.sleep(0.05)
        else:
            return


def _connect_inside(pid: int, port: int) -> socket.socket:
    """A connection to the emulator in the network namespace of a process.

    A namespace belongs to a thread: one enters it, connects and ends, and the socket stays there.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_enter_and_connect, pid, port).result()


def _enter_and_connect(pid: int, port: int) -> socket.socket:
    with Path(f"/proc/{pid}/ns/net").open() as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    return socket.create_connection(("127.0.0.1", port), timeout=_READY_WITHIN)
