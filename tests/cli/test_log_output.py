"""A log whose reader takes its time, or goes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest

from lambda_ric.cli import log_output as module
from lambda_ric.cli.log_output import MAX_BACKLOG, log_output
from lambda_ric.testing import InvokeRequest, LambdaClient
from tests.support.command import COMMAND
from tests.support.paths import EMULATED_HANDLERS
from tests.support.processes import environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows writes and waits")


@contextmanager
def _pipe() -> Iterator[tuple[int, TextIO]]:
    """Give both ends of a pipe."""
    read_end, write_end = os.pipe()
    with os.fdopen(write_end, "w", encoding="utf-8") as stream:
        yield read_end, stream
    os.close(read_end)


async def _read_until(file: int, end: bytes) -> bytes:
    """Read to a text that ends what was written, while the event loop goes on."""
    data = b""
    while not data.endswith(end):
        data += await asyncio.to_thread(os.read, file, 1_048_576)
    return data


def test_output_read_late_is_complete_and_in_order() -> None:
    async def scenario() -> None:
        with _pipe() as (file, stream), log_output(stream) as output:
            lines = [f"{number} {'é' * 1_000}\n" for number in range(1_000)]
            for line in lines:  # two megabytes, where a pipe takes 64 kilobytes
                output.write(line)
            output.write("end")
            assert (await _read_until(file, b"end")).decode() == "".join(lines) + "end"

    asyncio.run(scenario())


def test_unread_output_is_dropped_and_counted() -> None:
    async def scenario() -> None:
        with _pipe() as (file, stream), log_output(stream) as output:
            line = "x" * 1_048_575 + "\n"
            for _ in range(12):
                output.write(line)
            end = b"lines of the log were dropped: nobody read them)\n"
            data = await _read_until(file, end)
            assert MAX_BACKLOG - len(line) < data.count(b"x") <= MAX_BACKLOG + len(line)
            kept = data.count(b"x" * 1_048_575 + b"\n")
            assert data.endswith(b"(%d " % (12 - kept) + end)

    asyncio.run(scenario())


def test_a_reader_that_has_gone_is_an_error_for_the_writer() -> None:
    async def scenario() -> None:
        read_end, write_end = os.pipe()
        os.close(read_end)
        with (
            os.fdopen(write_end, "w") as stream,
            log_output(stream) as output,
            pytest.raises(BrokenPipeError),
        ):
            output.write("text")

    asyncio.run(scenario())


def test_the_end_waits_a_moment_for_its_reader_and_no_longer() -> None:
    async def scenario() -> None:
        with _pipe() as (_, stream):
            with log_output(stream) as output:
                output.write("x" * 1_000_000)
                begun = time.monotonic()
            assert module.PARTING_SECONDS <= time.monotonic() - begun < 20

    asyncio.run(scenario())


def test_a_terminal_that_is_stopped_stops_neither_functions_nor_the_end() -> None:
    process = subprocess.Popen(
        [*COMMAND, "app.handler", "--port", "0"],
        cwd=EMULATED_HANDLERS,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    port = int(process.stderr.readline().rpartition(b":")[2])
    with LambdaClient(f"http://127.0.0.1:{port}") as client:
        for _ in range(5):
            result = client.invoke(InvokeRequest(b'{"write": "%s"}' % (b"x" * 50_000)))
            assert result.function_error is None
    process.terminate()
    assert process.wait(timeout=30) == 0
    process.communicate()
