"""A Runtime API that stops reading, as one does whose client has left."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class HalfReader:
    """A Runtime API that reads the beginning of a stream and then nothing more."""

    def __init__(self, events: list[bytes]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "{}:{}".format(*self._listener.getsockname())
        self._events = events
        self._peers: list[socket.socket] = []
        self.streams: list[socket.socket] = []
        self.served: list[bytes] = []
        self.changed = threading.Condition()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self._peers.append(peer)
            threading.Thread(target=self._serve_connection, args=(peer,), daemon=True).start()

    def _serve_connection(self, peer: socket.socket) -> None:
        with suppress(OSError):  # one of the two sides has closed it
            self._answer(peer)

    def _answer(self, peer: socket.socket) -> None:
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                data = peer.recv(1024)
                if not data:
                    return
                head += data
            if b"streaming" in head:
                with self.changed:
                    self.streams.append(peer)
                    self.changed.notify_all()
                return
            if head.startswith(b"POST"):
                with self.changed:
                    self.served.append(head)
                    self.changed.notify_all()
                peer.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                continue
            if not self._events:
                return  # the connection stays open, as one that waits for an event
            event = self._events.pop(0)
            number = len(self._events)
            peer.sendall(
                b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-%d\r\n"
                b"Lambda-Runtime-Deadline-Ms: 0\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (number, len(event), event)
            )

    def wait_for(self, what: str) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: getattr(self, what), 30)

    def close(self) -> None:
        self._listener.close()
        for peer in self._peers:
            peer.close()
