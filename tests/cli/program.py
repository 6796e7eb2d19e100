"""The command line as a process, whose output is waited for, and a client of what it serves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from lambda_ric.caller.invoke_api import encode_event
from lambda_ric.testing import InvokeRequest, InvokeResult, LambdaClient

ROOT = Path(__file__).parents[2]
SECONDS = 30


class Program:
    """A running `lambda-ric`; its standard output and standard error are one text here."""

    def __init__(self, *arguments: str, cwd: Path, env: dict[str, str] | None = None) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lambda_ric", *arguments],
            cwd=cwd,
            env={**environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._lines: list[str] = []
        self._grown = threading.Condition()
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,))
        self._reader.start()

    def _read(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            with self._grown:
                self._lines.append(line.decode())
                self._grown.notify_all()
        with self._grown:
            self._grown.notify_all()

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def wait_for(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait until the output has a match for the pattern, behind the `since`th character."""

        def search() -> re.Match[str] | None:
            return re.compile(pattern).search(self.output, since)

        with self._grown:
            found = self._grown.wait_for(search, SECONDS)
        assert found, f"{pattern!r} is not in:\n{self.output}"
        return found

    @property
    def url(self) -> str:
        address = self.wait_for(r"listening on (\S+)")[1]
        return f"http://{address.replace('0.0.0.0', '127.0.0.1')}"

    def invoke(self, event: Any = None, function: str = "function") -> InvokeResult:
        with LambdaClient(self.url) as client:
            return client.invoke(InvokeRequest(encode_event(event or {}), function))

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal, and return its exit code once all its output is read."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Return the exit code of a program that ends by itself."""
        code = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        return code


@contextmanager
def running(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> Iterator[Program]:
    program = Program(*arguments, cwd=cwd, env=env)
    try:
        yield program
    finally:
        program.end()
        assert program.process.stdout is not None
        program.process.stdout.close()
