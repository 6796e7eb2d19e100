"""One connection to a scripted Runtime API: reads requests, records them, sends the responses."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable

from lambda_ric.testing.recording import RecordedRequest, Recording
from lambda_ric.testing.script import Answer
from lambda_ric.wire.head import ProtocolError
from lambda_ric.wire.http1 import ConnectionClosed, End, Reader
from lambda_ric.wire.request import Request, parse_request

RECEIVE_SIZE = 1_048_576


class Connection:
    """Serves one connection in its own thread until either side closes it."""

    def __init__(
        self,
        peer: socket.socket,
        number: int,
        recording: Recording,
        answer: Callable[[RecordedRequest], Answer | None],
        keep_alive: bool,
    ) -> None:
        self.thread = threading.Thread(target=self._serve, name=f"connection-{number}", daemon=True)
        self._peer = peer
        self._number = number
        self._recording = recording
        self._answer = answer
        self._keep_alive = keep_alive
        self._closed = threading.Event()
        self._head = b""
        self._reader = Reader(self._parse_head)

    def close(self) -> None:
        """Close the connection at once, even in the middle of a response."""
        self._closed.set()
        with contextlib.suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)

    @property
    def alive(self) -> bool:
        """Whether the connection is still open, while the runtime waits for a response."""
        if self._closed.is_set():
            return False
        try:
            readable, _, _ = select.select([self._peer], [], [], 0)
            return not readable or bool(self._peer.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def _serve(self) -> None:
        with self._peer, contextlib.suppress(OSError):
            self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._serve_requests()
            except ProtocolError as error:
                if self._closed.is_set() or isinstance(error, ConnectionClosed):
                    return
                self._recording.violate(f"connection {self._number}: {error}")
                self._send(Answer.of(error.status))

    def _serve_requests(self) -> None:
        """Answer request after request. Raises ProtocolError or OSError when it cannot continue."""
        while not self._closed.is_set():
            request = self._receive()
            answer = self._answer(request)
            if answer is None or not self._send(answer) or not self._keep_alive:
                return

    def _parse_head(self, block: bytes) -> tuple[Request, int]:
        """Parse a head, and keep its bytes: the parser gives field names in lower case."""
        self._head = block
        return parse_request(block)

    def _receive(self) -> RecordedRequest:
        """Record the next request and return it whole. Raises ProtocolError or OSError."""
        request: RecordedRequest | None = None
        while True:
            event = self._reader.next_event()
            if event is None:
                self._reader.feed(self._peer.recv(RECEIVE_SIZE))
            elif isinstance(event, Request):
                request = RecordedRequest.of(event, self._head, self._number)
                self._recording.add(request)
            elif request is not None and isinstance(event, bytes):
                self._recording.extend(request, event)
            elif request is not None and isinstance(event, End):
                self._recording.complete(request, event.trailers)
                return request

    def _send(self, answer: Answer) -> bool:
        """Send a response as its delivery says, and return whether the connection stays open."""
        delivery = answer.delivery
        fields = answer.fields if self._keep_alive else [*answer.fields, ("Connection", "close")]
        data = Answer(answer.status, fields, answer.body, answer.raw).encode()[: delivery.cut]
        self._closed.wait(delivery.delay)
        if delivery.drip:
            for at in range(len(data)):
                self._peer.sendall(data[at : at + 1])
                if self._closed.wait(delivery.drip):
                    return False
        else:
            self._peer.sendall(data)
        return delivery.cut is None and not delivery.close
