"""The least that an emulator in Python can do for an invoke: pass its bytes on, over asyncio.

No emulator: it serves one caller and one runtime, checks nothing, logs nothing, and gives each
invoke the same request id. What it takes is the time of the caller, of the runtime and of the
operating system, which no emulator can save.

    python relay.py --runtime-interface-emulator-address HOST:PORT \\
        --runtime-api-address HOST:PORT COMMAND…
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

REQUEST_ID = "8476a536-e9f4-41e8-9739-2dfe598c3fcd"
LENGTH = b"\r\ncontent-length: "
INVOCATION = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Lambda-Runtime-Aws-Request-Id: " + REQUEST_ID.encode() + b"\r\n"
    b"Lambda-Runtime-Deadline-Ms: 4102444800000\r\n"
    b"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:012345678912:function:f\r\n"
    b"Content-Length: %d\r\n\r\n%b"
)
RESULT = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
VARIABLES = {
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_LOG_GROUP_NAME": "group",
    "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
}


class Connection(asyncio.Protocol):
    """A connection whose requests have a Content-Length, or no body."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, rest = self._data.partition(b"\r\n\r\n")
        if end and len(rest) == _length(head):
            self._data = b""
            self._relay.take(self.transport, head, rest)


class Relay:
    """Passes events and results on. A caller may come before the runtime polls, or after it."""

    def __init__(self) -> None:
        self.polled = asyncio.Event()
        self._caller: asyncio.Transport | None = None
        self._runtime: asyncio.Transport | None = None
        self._event: bytes | None = None

    def take(self, transport: asyncio.Transport, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            self._runtime = transport
            self.polled.set()
        elif b"/runtime/" in head[:100]:
            assert self._caller is not None
            self._caller.write(RESULT % (len(body), body))
            transport.write(ACCEPTED)
            return
        else:
            self._caller, self._event = transport, body
        if self._runtime is not None and self._event is not None:
            self._runtime.write(INVOCATION % (len(self._event), self._event))
            self._runtime = self._event = None


def _length(head: bytes) -> int:
    value = head.lower().partition(LENGTH)[2]
    return int(value.split(b"\r\n", 1)[0] or 0)


async def main() -> None:
    callers, runtimes, command = sys.argv[2], sys.argv[4], sys.argv[5:]
    loop, relay, ended = asyncio.get_running_loop(), Relay(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    await loop.create_server(lambda: Connection(relay), *_address(runtimes))
    environment = os.environ | VARIABLES | {"AWS_LAMBDA_RUNTIME_API": runtimes}
    with subprocess.Popen(command, env=environment) as runtime:
        await relay.polled.wait()
        await loop.create_server(lambda: Connection(relay), *_address(callers))
        await ended.wait()
        runtime.kill()


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    asyncio.run(main())
