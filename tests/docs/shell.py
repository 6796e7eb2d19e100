"""A shell in which the commands of a page run one after another, as a reader types them."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import threading
from pathlib import Path
from types import TracebackType

PORT = "8080"
"""The port that the documents show. Here a free one takes its place."""

PATIENCE = 300.0
"""Seconds that a command may take."""


class Shell:
    """bash in a folder, until the end of `with`; what was started in it is then ended as well."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = str(probe.getsockname()[1])
        self._folder = folder
        self._environment = environment | {
            "AWS_ENDPOINT_URL_LAMBDA": f"http://localhost:{self._port}"
        }
        self._server: subprocess.Popen[str] | None = None
        self._shell = self._start("exec bash --norc", stdin=subprocess.PIPE)

    def run(self, command: str) -> tuple[int, list[str]]:
        """Run a command, and return its exit code and the lines it has printed."""
        mark = f"end-{secrets.token_hex(8)}"
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        text = command.replace(f"localhost:{PORT}", f"localhost:{self._port}")
        self._shell.stdin.write(f'{text}\necho; echo "{mark} $?"\n')
        self._shell.stdin.flush()
        printed: list[str] = []
        kill = threading.Timer(PATIENCE, os.killpg, (self._shell.pid, signal.SIGKILL))
        kill.start()
        try:
            for line in self._shell.stdout:
                if line.startswith(mark):
                    code = int(line.split()[1])
                    return code, _without_last_empty(printed)
                printed.append(line.rstrip("\n"))
        finally:
            kill.cancel()
        raise AssertionError(f"the shell ended within: {command}\n" + "\n".join(printed))

    def serve(self, command: str) -> None:
        """Start a command that listens where the documents say, and wait until it does."""
        self.end_server()
        _, (path,) = self.run('echo "$PATH"')
        self._server = self._start(f"exec {command.strip()} --port {self._port}", path=path)
        assert self._server.stdout is not None
        for line in self._server.stdout:
            if "listening on" in line:
                break
        else:
            raise AssertionError(f"{command} ended")
        self._drain = threading.Thread(target=self._server.stdout.read)
        self._drain.start()

    def end_server(self) -> None:
        """Press Ctrl-C where the server runs."""
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGINT)
            self._server.wait(30)
            self._drain.join(30)
            assert self._server.stdout is not None
            self._server.stdout.close()
            self._server = None

    def _start(
        self, command: str, *, stdin: int = subprocess.DEVNULL, path: str | None = None
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", "-c", command],
            cwd=self._folder,
            env=self._environment | ({"PATH": path} if path else {}),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end_server()
        assert self._shell.stdin is not None
        self._shell.stdin.close()
        self._shell.wait(30)
        assert self._shell.stdout is not None
        self._shell.stdout.close()


def _without_last_empty(lines: list[str]) -> list[str]:
    """Drop the empty line that stands for the line break before the mark."""
    return lines[:-1] if lines and not lines[-1] else lines
