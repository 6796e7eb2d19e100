"""A Runtime API that hands out the events it is given and takes the answers.

It runs in the measuring process, without threads and with as little work as can be: what it takes
is time that the peers seem to take.
"""

from __future__ import annotations

import functools
import itertools
import os
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate

ARN = "arn:aws:lambda:us-east-1:123456789012:function:benchmark"
TIMEOUT_MS = 900_000
LIMIT_SECONDS = 120.0
"""How long a peer may take for anything before the benchmark fails."""

_ACCEPTED_BODY = '{"status":"OK"}\n'


class PeerFailed(Exception):
    """A peer reported an error, broke off or did not answer in time."""


class _Connection:
    """One connection of a peer, and what has arrived of a request."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.received = bytearray()
        self.needed = 0  # bytes of the whole request, 0 before its head is whole


class ScriptedApi:
    """The Runtime API of one execution environment. All times are of `time.perf_counter`."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._polling: list[_Connection] = []
        self._numbers = itertools.count(1)  # of the invokes
        self._awaited: set[bytes] = set()  # paths to which answers must be posted
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.handed_out_at = 0.0
        self.latencies: list[float] = []
        """Seconds from an event that is handed out to its whole answer."""
        self.answer = b""
        """The body of the last answer."""

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
            else:
                os.close(key.fd)
        self._selector.close()

    def watch(self, pid: int) -> None:
        """Let the benchmark fail as soon as the peer's process ends."""
        self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ)

    def invoke(self, payload: bytes, times: int = 1) -> float:
        """Hand out an event so many times, one after another, each as an invoke of its own.

        Returns the time of the last answer, once the peer polls again.
        """
        answered_at = 0.0
        for path, event in self._encode_invokes(payload, times):
            self.await_polls(1)
            polling = self._polling.pop()
            self._awaited.add(path)
            self.handed_out_at = time.perf_counter()
            polling.socket.sendall(event)
            answered_at = self._serve_until_answered()
            self.latencies.append(answered_at - self.handed_out_at)
        self.await_polls(1)
        return answered_at

    def invoke_at_once(self, payload: bytes, count: int) -> None:
        """Hand out an event to so many waiting connections; return when they wait again."""
        invokes = self._encode_invokes(payload, count)
        self.await_polls(count)
        for path, event in invokes:
            self._awaited.add(path)
            self._polling.pop().socket.sendall(event)
        while self._awaited:
            self._serve_until_answered()
        self.await_polls(count)

    def _encode_invokes(self, payload: bytes, times: int) -> list[tuple[bytes, bytes]]:
        """Return the path of the answer and the event of each invoke.

        All are made before the first is handed out, so that no peer waits for it. As in Lambda
        each has a request id, a trace id and a deadline of its own.
        """
        now = time.time()
        deadline, date = int(now * 1000) + TIMEOUT_MS, formatdate(now, usegmt=True)
        return [
            _encode_invoke(payload, number, deadline + number, date)
            for number in itertools.islice(self._numbers, times)
        ]

    def await_polls(self, count: int) -> None:
        """Wait until so many connections wait for an event."""
        while len(self._polling) < count:
            for connection in self._requests():
                if not self._is_poll(connection):
                    raise PeerFailed(f"unexpected: {bytes(connection.received[:2000])!r}")

    def _serve_until_answered(self) -> float:
        while True:
            for connection in self._requests():
                answered_at = time.perf_counter()
                if self._is_poll(connection):
                    continue
                head, _, body = bytes(connection.received).partition(b"\r\n\r\n")
                path = head.split(b" ", 2)[1]
                if path not in self._awaited:
                    raise PeerFailed(f"unexpected: {head!r} {body[:2000]!r}")
                self._awaited.remove(path)
                self.answer = body
                self._begin_next(connection)
                connection.socket.sendall(_encode_acceptance(int(time.time())))
                return answered_at

    def _is_poll(self, connection: _Connection) -> bool:
        if not connection.received.startswith(b"GET "):
            return False
        self._begin_next(connection)
        self._polling.append(connection)
        return True

    @staticmethod
    def _begin_next(connection: _Connection) -> None:
        connection.received = bytearray()
        connection.needed = 0

    def _requests(self) -> Iterator[_Connection]:
        """Wait for input and yield each connection on which a whole request has arrived."""
        ready = self._selector.select(LIMIT_SECONDS)
        if not ready:
            raise PeerFailed(f"nothing for {LIMIT_SECONDS:.0f} s")
        for key, _ in ready:
            if key.fileobj is self._listener:
                accepted, _ = self._listener.accept()
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._selector.register(accepted, selectors.EVENT_READ, _Connection(accepted))
            elif key.data is None:
                raise PeerFailed("its process ended")
            elif self._receive(key.data):
                yield key.data

    def _receive(self, connection: _Connection) -> bool:
        """Take what has arrived, and tell whether the request is whole."""
        data = connection.socket.recv(1_048_576)
        if not data:
            self._selector.unregister(connection.socket)
            connection.socket.close()
            if connection.received or connection in self._polling:
                raise PeerFailed("the peer broke off")
            return False
        connection.received += data
        if not connection.needed:
            connection.needed = _request_size(connection.received)
        return 0 < connection.needed <= len(connection.received)


def _request_size(received: bytearray) -> int:
    """Return the size of a request with its body, 0 when its head is not whole yet."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return 0
    for line in bytes(received[:end]).lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return end + 4 + int(line.partition(b":")[2])
    return end + 4


def _encode_invoke(payload: bytes, number: int, deadline: int, date: str) -> tuple[bytes, bytes]:
    request_id = f"8476a536-e9f4-41e8-9739-{number:012x}"
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: application/json\r\n"
        f"Lambda-Runtime-Aws-Request-Id: {request_id}\r\n"
        f"Lambda-Runtime-Deadline-Ms: {deadline}\r\n"
        f"Lambda-Runtime-Invoked-Function-Arn: {ARN}\r\n"
        "Lambda-Runtime-Trace-Id: "
        f"Root=1-5bef4de7-{number:024x};Parent={number:016x};Sampled=1\r\n"
        f"Date: {date}\r\n"
        f"Content-Length: {len(payload)}\r\n\r\n"
    )
    path = f"/2018-06-01/runtime/invocation/{request_id}/response"
    return path.encode(), head.encode() + payload


@functools.lru_cache(maxsize=1)
def _encode_acceptance(now: int) -> bytes:
    """Return the answer to a result; it differs with each second, as Lambda's does."""
    head = (
        "HTTP/1.1 202 Accepted\r\n"
        "Content-Type: application/json\r\n"
        f"Date: {formatdate(now, usegmt=True)}\r\n"
        f"Content-Length: {len(_ACCEPTED_BODY)}\r\n\r\n"
    )
    return (head + _ACCEPTED_BODY).encode()


@contextmanager
def scripted_api() -> Iterator[ScriptedApi]:
    api = ScriptedApi()
    try:
        yield api
    finally:
        api.close()
