"""The Runtime API, spoken over one raw socket that is kept open.

`http.client` or `socket` would take longer to import than the rest of the runtime. There is
no time limit for a response: an execution environment can be frozen for hours while it polls. The
waiting happens in a system call that Python interrupts for signals, so signal handlers run at once.
"""

from __future__ import annotations

import _socket
import sys
import time

from lambda_ric import __version__
from lambda_ric.runtime import doors
from lambda_ric.runtime.errors import (
    RESPONSE_TOO_LARGE,
    STREAM_INTERRUPTED,
    RuntimeApiError,
    Undelivered,
)
from lambda_ric.wire import runtime_api
from lambda_ric.wire.head import ProtocolError, Response, response_at_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from lambda_ric.runtime.settings import Settings
    from lambda_ric.wire.head import Fields

    Answer: TypeAlias = "tuple[int, Fields, bytes]"  # status, fields and body

CONNECT_SECONDS = 5.0
"""Time limit of connecting: the Runtime API runs on this machine."""

IDLE_SECONDS = 0.05
"""Pause before polling again after a 204, which some emulators send when there is no event."""

_RECEIVE_SIZE = 65_536  # a larger buffer would come from the system and go back to it each time
_RECEIVE_AT_ONCE = 8 * 1_048_576  # bytes of a body: an event is at most 6 MB
_SEND_AT_ONCE = 65_536  # copying up to this many bytes costs less than a second system call
_LARGEST_BLOCK = 31 * 1_048_576  # just below the largest that glibc learns from
_EXCERPT = 300
_ACCEPTED: Answer = (202, [], b"")


class RuntimeApiClient:
    """A client of the Runtime API, for one invocation at a time.

    Every method raises RuntimeApiError when the Runtime API cannot be reached, closes the
    connection without a response, does not speak HTTP/1.1, or refuses.
    """

    def __init__(self, settings: Settings) -> None:
        version = "{}.{}.{}".format(*sys.version_info[:3])
        self.address = (settings.api_host, settings.api_port)
        self.name = settings.api_name
        self.path = settings.api_path
        self._requests = runtime_api.Requests(
            settings.api_name, settings.api_path, f"lambda-ric/{__version__} Python/{version}"
        )
        self._socket: _socket.socket | None = None
        self._keeps_large_blocks = False
        self._acceptance = b""  # the last response that only said 202: the next is often equal

    def next_invocation(self) -> runtime_api.Invocation:
        """Wait for the next invocation, for as long as it takes."""
        while True:
            status, fields, body = self.exchange(self._requests.next_invocation)
            if status == 200:
                try:
                    return runtime_api.Invocation.from_fields(fields, body)
                except ValueError as error:
                    raise self._error(f"gave an invocation that cannot be read: {error}") from error
            if status != 204:
                raise self._refusal("the poll for the next invocation", status, body)
            time.sleep(IDLE_SECONDS)

    def respond(self, invocation: runtime_api.Invocation, body: bytes, content_type: str) -> None:
        """Send the result of an invocation.

        Raises Undelivered when it is refused for its size: the invocation has then failed, and
        the next one can be served.
        """
        head = self._requests.response(invocation, content_type, len(body))
        status, _, answer = self.exchange(head, body)
        self._require_accepted(status, answer, len(body))

    def open_stream(
        self, invocation: runtime_api.Invocation, content_type: str, first: bytes
    ) -> None:
        """Begin a streamed result with its first chunks.

        It uses a new connection: a kept one may turn out to be closed, and a stream cannot be
        sent twice.
        """
        self.close()
        self._connect()
        self.send(self._requests.stream(invocation, content_type) + first)

    def send(self, data: bytes) -> None:
        """Send a part of the stream. Raises Undelivered if the peer no longer reads it."""
        try:
            self._stream().sendall(data)
        except OSError as error:
            self.close()
            raise Undelivered(
                STREAM_INTERRUPTED,
                f"the Runtime API at {self.name} stopped reading the response: {error.strerror}",
            ) from error

    def finish_stream(self) -> None:
        """Wait until the complete stream is accepted.

        Raises Undelivered if it was refused, or if that cannot be known.
        """
        try:
            answer = self._receive(self._stream(), broken=False)
        finally:
            self.close()
        if answer is None:
            raise Undelivered(
                STREAM_INTERRUPTED,
                f"the Runtime API at {self.name} closed the connection before it had answered",
            )
        status, _, body = answer
        self._require_accepted(status, body)

    def _stream(self) -> _socket.socket:
        if self._socket is None:
            raise Undelivered(STREAM_INTERRUPTED, "the stream has been closed before its end")
        return self._socket

    def fail(self, invocation: runtime_api.Invocation, body: bytes, xray_cause: str) -> None:
        """Send the error of an invocation; an X-Ray cause that is too long is left out."""
        if len(xray_cause.encode()) >= runtime_api.MAX_XRAY_CAUSE:
            xray_cause = ""
        head = self._requests.error(invocation, xray_cause, len(body))
        status, _, answer = self.exchange(head, body)
        self._require_success("the error of an invocation", status, answer)

    def fail_init(self, error_type: str, body: bytes) -> None:
        """Send the error of the initialization."""
        self._fail(runtime_api.INIT_ERROR, error_type, body)

    def fail_restore(self, error_type: str, body: bytes) -> None:
        """Send the error of an after-restore hook."""
        self._fail(runtime_api.RESTORE_ERROR, error_type, body)

    def _fail(self, path: str, error_type: str, body: bytes) -> None:
        status, _, answer = self.exchange(self._requests.failure(path, error_type, len(body)), body)
        if status != 202:
            raise self._refusal(path, status, answer)

    def wait_for_restore(self) -> None:
        """Report that the snapshot can be taken, and return once this process runs from it."""
        status, _, answer = self.exchange(self._requests.restore_next)
        if status != 200:
            raise self._refusal("the wait for the restore", status, answer)
        self.close()  # the connection belongs to the machine that the snapshot was taken on

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def exchange(self, head: bytes, body: bytes = b"") -> Answer:
        """Send a request and return status, fields and body of the response, of any status."""
        answer = None
        if self._socket is not None:
            answer = self._attempt(self._socket, head, body)
        if answer is None:  # a server may close an idle connection at any time
            self.close()
            answer = self._attempt(self._connect(), head, body)
            if answer is None:
                raise self._error("closed the connection without an answer")
        return answer

    def _connect(self) -> _socket.socket:
        family = _socket.AF_INET6 if ":" in self.address[0] else _socket.AF_INET
        connection = _socket.socket(family, _socket.SOCK_STREAM)
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(self.address)
            connection.settimeout(None)
            connection.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        except OSError as error:
            connection.close()
            raise self._error(f"cannot be reached: {error.strerror or error}") from error
        self._socket = connection
        return connection

    def _attempt(self, connection: _socket.socket, head: bytes, body: bytes) -> Answer | None:
        """Send a request, and return the response, or None if not one byte of it came."""
        broken = False
        try:
            if len(body) <= _SEND_AT_ONCE:
                connection.sendall(head + body)
            else:
                self._keep_large_blocks()
                connection.sendall(head)
                connection.sendall(body)
        except OSError:
            broken = True  # it may have answered before it stopped reading
        return self._receive(connection, broken)

    def _receive(self, connection: _socket.socket, broken: bool) -> Answer | None:
        try:
            data = connection.recv(_RECEIVE_SIZE)
        except OSError:
            return None
        if not data:
            return None
        if data == self._acceptance and not broken:
            return _ACCEPTED
        try:
            whole = response_at_once(data)
            head, body = whole or self._receive_rest(connection, data)
        except OSError as error:
            raise self._error(f"broke the connection: {error.strerror or error}") from error
        except ProtocolError as error:
            self.close()
            raise self._error(f"does not speak HTTP/1.1: {error}") from error
        if broken or not head.keep_alive:
            self.close()
        elif head.status == 202 and whole is not None:
            self._acceptance = data
        return head.status, head.fields, body

    def _keep_large_blocks(self) -> None:
        """Let glibc keep the memory of large bodies from one invocation to the next.

        Otherwise it goes back to the system each time, and costs a page fault for every 4 KB when
        it is allocated again: as much as all work on it. Freeing one block of this size teaches
        glibc to keep it; its pages are never touched. Other systems ignore this.

        Source: M_MMAP_THRESHOLD in mallopt(3).
        """
        if not self._keeps_large_blocks:
            self._keeps_large_blocks = True
            bytes(_LARGEST_BLOCK)

    def _receive_rest(self, connection: _socket.socket, data: bytes) -> tuple[Response, bytes]:
        """Receive the rest of a response that has come in part."""
        reader = doors.response_reader()
        head: Response | None = None
        parts: list[bytes] = []
        while True:
            reader.feed(data)
            while (event := reader.next_event()) is not None:
                if type(event) is bytes:
                    parts.append(event)
                elif type(event) is Response:
                    head = event
                elif head is not None:
                    head.keep_alive &= reader.idle  # any data after the response was not requested
                    return head, parts[0] if len(parts) == 1 else b"".join(parts)
            missing = reader.missing
            if missing <= _RECEIVE_SIZE:
                data = connection.recv(_RECEIVE_SIZE)
            else:  # the rest of a large body in one piece
                self._keep_large_blocks()
                data = connection.recv(min(missing, _RECEIVE_AT_ONCE), _socket.MSG_WAITALL)

    def _require_accepted(self, status: int, answer: bytes, size: int | None = None) -> None:
        if status == 413:
            what = (
                "a streamed response" if size is None else f"Response payload size ({size} bytes)"
            )
            limit = runtime_api.MAX_RESPONSE
            message = f"{what} exceeded maximum allowed payload size ({limit} bytes)."
            raise Undelivered(RESPONSE_TOO_LARGE, message)
        self._require_success("the result of an invocation", status, answer)

    def _require_success(self, what: str, status: int, answer: bytes) -> None:
        if not 200 <= status < 300:
            raise self._refusal(what, status, answer)

    def _refusal(self, what: str, status: int, answer: bytes) -> RuntimeApiError:
        text = answer[:_EXCERPT].decode("utf-8", "replace").strip()
        return self._error(f"answered {status} to {what}" + (f": {text}" if text else ""), status)

    def _error(self, what: str, status: int = 0) -> RuntimeApiError:
        return RuntimeApiError(f"the Runtime API at {self.name} {what}", status)
