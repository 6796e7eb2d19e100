"""A Runtime API on a real socket that follows a script and records what a runtime sends.

Use it to test a runtime client in any language: start it, start the client with
AWS_LAMBDA_RUNTIME_API set to its address, and examine the recorded requests.

    with RuntimeApi([Event({"a": 1}), Answer.of(204), Event(b"{broken")]) as api:
        child = subprocess.Popen([...], env={**os.environ, "AWS_LAMBDA_RUNTIME_API": api.address})
        first, second = api.wait_for_posts(2)
        child.kill()
    assert first.json() == {"a": 1}

It keeps no state: it records and accepts a repeated or unexpected request, unless the script says
otherwise. Paths and header names are those of lambda_ric.wire.runtime_api.
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeAlias

from lambda_ric.testing.connection import Connection
from lambda_ric.testing.recording import PATIENCE, RecordedRequest, Recording
from lambda_ric.testing.script import Answer, Event
from lambda_ric.wire import runtime_api

Step: TypeAlias = Event | Answer

EXTENSION = "/2020-01-01/extension"
EXTENSION_ID = "Lambda-Extension-Identifier"
_FUNCTION = b'{"functionName":"function","functionVersion":"$LATEST","handler":"app.handler"}'


class RuntimeApi:
    """A scripted Runtime API; a context manager that listens while it is entered.

    `script` has the answers to `next`, one step for each request; feed() adds more. After the last
    step a `next` waits, as it does in Lambda between invokes, or gets `end` if that is given:
    awslambdaric stops at Answer.of(410), which it treats as a failure.
    `posts` has the answers to the runtime's posts in the order of their arrival: an Answer or only
    a status; after the last, 202. With `hold_restore` a `restore/next` waits for restore(). Without
    `keep_alive` each connection is closed after one answer, with a `Connection: close` field.
    """

    def __init__(
        self,
        script: Iterable[Step] = (),
        *,
        posts: Iterable[Answer | int] = (),
        end: Answer | None = None,
        hold_restore: bool = False,
        keep_alive: bool = True,
    ) -> None:
        self.keep_alive = keep_alive
        self._script = deque(script)
        self._posts = deque(posts)
        self._end = end
        self._restored = not hold_restore
        self._events = 0  # handed out so far
        self._waiting: list[Connection] = []  # connections whose `next` waits for an event
        self._extensions: dict[str, deque[Answer]] = {}
        self._recording = Recording()
        self._connections: list[Connection] = []
        self._listener: socket.socket | None = None
        self._refuses = False  # new connections, since this API is about to close
        self._acceptor = threading.Thread(target=self._accept, name="runtime-api", daemon=True)

    # Its life.

    def __enter__(self) -> RuntimeApi:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._acceptor.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and close all connections, whatever they are doing."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._refuses = True
        address = listener.getsockname()
        with socket.create_connection(address):  # wakes up accept() on every system
            listener.close()
        self._acceptor.join()
        self._recording.close()  # only now: a client that reconnects must be refused
        self.drop_connections()
        for connection in self._connections:
            connection.thread.join()

    @property
    def address(self) -> str:
        """The host and port for AWS_LAMBDA_RUNTIME_API."""
        if self._listener is None:
            raise RuntimeError("the Runtime API listens only inside its with block")
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    # Controls for tests.

    def feed(self, *steps: Step) -> None:
        """Add steps to the script; a waiting `next` is answered at once."""
        with self._recording.changed:
            self._script.extend(steps)
            self._recording.changed.notify_all()

    def restore(self) -> None:
        """Answer the waiting `restore/next`, as Lambda does when the snapshot is resumed."""
        with self._recording.changed:
            self._restored = True
            self._recording.changed.notify_all()

    def send_to_extensions(self, event: Answer) -> None:
        """Hand an event to each registered extension, at its next `event/next`."""
        with self._recording.changed:
            for events in self._extensions.values():
                events.append(event)
            self._recording.changed.notify_all()

    def drop_connections(self) -> None:
        """Close all open connections but keep listening, as a proxy does with idle connections."""
        for connection in list(self._connections):
            connection.close()
        with self._recording.changed:
            self._recording.changed.notify_all()

    # Results for tests.

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests in the order of their arrival; the last ones may be incomplete."""
        return self._recording.requests

    @property
    def posts(self) -> list[RecordedRequest]:
        """The runtime's complete posts: results and errors of all kinds."""
        return [
            request
            for request in self._recording.requests
            if request.complete and request.method == "POST" and EXTENSION not in request.target
        ]

    @property
    def violations(self) -> list[str]:
        """Descriptions of data that is not HTTP/1.1 or broke off."""
        return self._recording.violations

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._recording.closed

    @property
    def idle(self) -> bool:
        """Whether the script is at its end and a runtime waits for an event beyond it."""
        with self._recording.changed:
            return not self._script and any(waiting.alive for waiting in self._waiting)

    @property
    def connections(self) -> int:
        """How many connections have been made."""
        return len(self._connections)

    def wait_for(self, condition: Callable[[], object], timeout: float = PATIENCE) -> None:
        """Wait until the condition holds; it is checked again whenever something arrives.

        Raises TimeoutError after `timeout` seconds, or when this API is closed meanwhile.
        """
        self._recording.wait_for(condition, timeout)

    def wait_for_posts(self, count: int, timeout: float = PATIENCE) -> list[RecordedRequest]:
        """Wait until that many posts have arrived, and return all. Raises TimeoutError."""
        self.wait_for(lambda: len(self.posts) >= count, timeout)
        return self.posts

    def wait_until_idle(self, timeout: float = PATIENCE) -> None:
        """Wait until a runtime has gone through the whole script. Raises TimeoutError."""
        self.wait_for(lambda: self.idle, timeout)

    # Answers; each of these methods runs in the thread of a connection.

    def _accept(self) -> None:
        listener = self._listener
        while listener:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            if self._refuses:
                peer.close()
                return
            connection = Connection(
                peer, len(self._connections) + 1, self._recording, self._answer, self.keep_alive
            )
            self._connections.append(connection)
            connection.thread.start()

    def _answer(self, request: RecordedRequest) -> Answer | None:
        """Return the answer to a complete request, or None when this API closes."""
        target = request.target
        if EXTENSION in target:
            return self._answer_extension(request, target.rpartition(EXTENSION)[2])
        path = runtime_api.VERSION + target.rpartition(runtime_api.VERSION)[2]
        if request.method == "POST":
            return self._answer_post()
        if path == runtime_api.NEXT_INVOCATION:
            return self._answer_next(request)
        if path == runtime_api.RESTORE_NEXT:
            return Answer() if self._wait(request, lambda: self._restored) else None
        return Answer.of(404)

    def _answer_next(self, request: RecordedRequest) -> Answer | None:
        changed = self._recording.changed
        with changed:
            if not self._script and self._end:
                return self._end
            connection = self._connections[request.connection - 1]
            self._waiting.append(connection)
            changed.notify_all()
            try:
                if not self._wait(request, lambda: self._script):
                    return None
                step = self._script.popleft()
            finally:
                self._waiting.remove(connection)
            if isinstance(step, Answer):
                return step
            self._events += 1
            return step.answer(self._events)

    def _answer_post(self) -> Answer:
        with self._recording.changed:
            answer = self._posts.popleft() if self._posts else 202
        return answer if isinstance(answer, Answer) else Answer.of(answer)

    def _answer_extension(self, request: RecordedRequest, action: str) -> Answer | None:
        if action == "/register":
            identifier = f"00000000-0000-4000-9000-{len(self._extensions) + 1:012d}"
            self._extensions[identifier] = deque()
            return Answer(fields=[(EXTENSION_ID, identifier)], body=_FUNCTION)
        events = self._extensions.get(request.header(EXTENSION_ID) or "")
        if events is None:
            return Answer.of(403)
        if request.method == "POST":
            return Answer.of(202)
        return events.popleft() if self._wait(request, lambda: events) else None

    def _wait(self, request: RecordedRequest, condition: Callable[[], object]) -> bool:
        """Wait until the condition holds for a request whose connection is open.

        False when the connection or this API is closed: another request may take the answer.
        """
        connection = self._connections[request.connection - 1]
        changed = self._recording.changed
        with changed:
            changed.wait_for(lambda: condition() or self._recording.closed or not connection.alive)
            return bool(condition()) and connection.alive and not self._recording.closed
