"""How many Python calls one warm invoke makes in the emulator: a count, the same on any machine.

    python -m benchmarks.emulator_calls [TREE]

TREE is another checkout to count in, this one by default. What counts is each call of a function
of `lambda_ric`, and each resumption of a generator or coroutine, that the profiler of the
interpreter sees in the emulator's process. The standard library does not count, and neither does
the function's process. Generated methods count, as those of data classes do. An invoke begins when
its request is read from the caller's socket. It ends when the emulator is idle again: the caller
has its answer, the log has its report, and the runtime waits for the next invoke. Timers that
happen to run in between would count too, so the result is the least of several
invokes: readings of memory fall due by time, and more often where the machine is slow.

This file imports nothing from its neighbours, so that it can run with an older `lambda_ric`.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO, cast

import lambda_ric
from lambda_ric.emulator import Console, FunctionConfig, Service

FUNCTIONS = Path(__file__).resolve().with_name("functions")
REQUEST = (
    b"POST /2015-03-31/functions/function/invocations HTTP/1.1\r\n"
    b"Host: localhost\r\n"
    b"Content-Length: 2\r\n\r\n{}"
)
"""Sent in one piece, as most clients send small requests."""
PACKAGE_ROOT = Path(lambda_ric.__file__).parents[1]
WARM_UP, COUNTED = 5, 15
QUIET_SECONDS = 0.03
"""The emulator is idle when it has called nothing for so long."""


@dataclass(frozen=True)
class Calls:
    """The calls of one warm invoke, and how many modules the called functions are from."""

    calls: int
    modules: int


class _Report:
    """A log that knows whether the report of an invoke has been written."""

    written = False

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        self.written = self.written or text.startswith("REPORT ")
        return len(text)

    def flush(self) -> None:
        pass


def calls_of_a_warm_invoke() -> Calls:
    """Serve a function that returns its event, invoke it over HTTP, and count."""
    return asyncio.run(_count())


async def _count() -> Calls:
    report = _Report()
    service = Service([_function()], console=Console(cast(TextIO, report)))
    await service.start()
    try:
        host, _, port = service.address.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=60) as caller:
            seen = [await _invoke(caller, report) for _ in range(WARM_UP + COUNTED)]
    finally:
        await service.stop()
    return Calls(
        min(count.calls for count in seen[WARM_UP:]),
        min(count.modules for count in seen[WARM_UP:]),
    )


def _function() -> FunctionConfig:
    return FunctionConfig(
        handler="bare.handler",
        command=(sys.executable, "-m", "lambda_ric", "bare.handler"),
        directory=str(FUNCTIONS),
        environment={**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)},
    )


async def _invoke(caller: socket.socket, report: _Report) -> Calls:
    """Invoke once, and return what was called from an idle emulator to an idle emulator."""
    called: list[str] = []

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            module = frame.f_globals.get("__name__", "")
            if module.startswith("lambda_ric."):
                called.append(module)

    report.written = False
    sys.setprofile(profile)
    try:
        # In a thread of its own, which has no profiler.
        await asyncio.to_thread(_ask, caller)
        before = -1
        while not report.written or len(called) > before:
            before = len(called)
            await asyncio.sleep(QUIET_SECONDS)
    finally:
        sys.setprofile(None)
    return Calls(len(called), len(set(called)))


def _ask(caller: socket.socket) -> None:
    caller.sendall(REQUEST)
    response = b""
    while not response.endswith(b"\r\n\r\n{}"):
        data = caller.recv(65_536)
        response += data
        if not data or not response.startswith(b"HTTP/1.1 200 "[: len(response)]):
            raise RuntimeError(f"the function answered {response!r}")


def main() -> None:
    if len(sys.argv) > 1:
        tree = Path(sys.argv[1]).resolve()
        if not (tree / "lambda_ric").is_dir():
            sys.exit(f"{tree} is not a checkout: it has no lambda_ric")
        script = [sys.executable, os.path.abspath(__file__)]
        subprocess.run(script, env={**os.environ, "PYTHONPATH": str(tree)}, check=True)
    else:
        counted = calls_of_a_warm_invoke()
        print(f"{counted.calls} calls in {counted.modules} modules of {PACKAGE_ROOT}")


if __name__ == "__main__":
    main()
