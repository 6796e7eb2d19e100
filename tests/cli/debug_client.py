"""An editor, as a debugger sees it: a client of the Debug Adapter Protocol."""

from __future__ import annotations

import json
import socket
from types import TracebackType
from typing import Any


class DebugClient:
    """Sends requests and waits for responses and events, in any order that they come in."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 30)
        self._file = self._socket.makefile("rb")
        self._number = 0
        self._heard: list[dict[str, Any]] = []

    def send(self, command: str, **arguments: Any) -> int:
        self._number += 1
        message = {
            "seq": self._number,
            "type": "request",
            "command": command,
            "arguments": arguments,
        }
        body = json.dumps(message).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return self._number

    def request(self, command: str, **arguments: Any) -> dict[str, Any]:
        return self.response(self.send(command, **arguments))

    def response(self, number: int) -> dict[str, Any]:
        answer = self._wait(lambda one: one.get("request_seq") == number)
        assert answer["success"], answer
        body: dict[str, Any] = answer.get("body", {})
        return body

    def event(self, name: str) -> dict[str, Any]:
        body: dict[str, Any] = self._wait(lambda one: one.get("event") == name).get("body", {})
        return body

    def _wait(self, wanted: Any) -> dict[str, Any]:
        while True:
            for message in self._heard:
                if wanted(message):
                    self._heard.remove(message)
                    return message
            self._heard.append(self._read())

    def _read(self) -> dict[str, Any]:
        size = 0
        while line := self._file.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        message: dict[str, Any] = json.loads(self._file.read(size))
        return message

    def __enter__(self) -> DebugClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        self._socket.close()
