"""AWS's Runtime Interface Emulator, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support import web
from tests.support.processes import (
    PATIENCE,
    RunningProcess,
    free_port,
    listens,
    started,
)

INVOKE = "/2015-03-31/functions/function/invocations"


class RunningRie(RunningProcess):
    """A running emulator."""

    def __init__(self, running: RunningProcess, port: int) -> None:
        super().__init__(running.process, *running.files)
        self._port = port

    def invoke(self, event: object, **headers: str) -> httpx.Response:
        """Invoke the function with a JSON value, or with bytes as they are."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        fields["Content-Type"] = "application/json"  # LMI's emulator passes it on to the runtime
        payload = event if isinstance(event, bytes) else json.dumps(event).encode()
        url = f"http://127.0.0.1:{self._port}{INVOKE}"
        return web.post(url, content=payload, headers=fields, timeout=2 * PATIENCE)

    def invoke_when_idle(self, event: object) -> httpx.Response:
        """Invoke the function once one of its loops waits: until then LMI's emulator refuses."""
        answers: list[httpx.Response] = []

        def is_taken() -> bool:
            answers.append(self.invoke(event))
            refusal: str = answers[-1].headers.get("Error-Type", "")
            return refusal != "Runtime.Unavailable"

        self.until(is_taken)
        return answers[-1]


@contextmanager
def running_rie(
    program: Path,
    command: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    before: Sequence[str] = (),
) -> Iterator[RunningRie]:
    """Start the emulator `program` with a runtime's command, and stop both at the end.

    The words `before` start the program, in a place of its own for example.
    """
    port = free_port()
    addresses = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    addresses += ["--runtime-api-address", f"127.0.0.1:{free_port()}"]
    with started([*before, program, *addresses, *command], cwd, env, merged=True) as running:
        rie = RunningRie(running, port)
        rie.until(lambda: rie.process.poll() is not None or listens(port))
        assert rie.process.poll() is None, rie.log
        yield rie
        if rie.process.poll() is None:
            rie.terminate()  # it ends its runtime first
