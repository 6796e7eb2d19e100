"""A large stream passes through the runtime and the local Lambda without staying in either."""

from __future__ import annotations

import http.client
import json
import re
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.support.command import running_command

HANDLERS = Path(__file__).with_name("handlers")
MEBIBYTE = 1_048_576
STREAMED = 100
"""Mebibytes that are streamed."""

ALLOWED_GROWTH = 8 * MEBIBYTE
PATH = "/2021-11-15/functions/function/response-streaming-invocations"


def stream(address: str, mebibytes: int) -> int:
    """Read a stream to its end, and return its size with the framing around it."""
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("POST", PATH, json.dumps({"use": "large", "mebibytes": mebibytes}))
    response = connection.getresponse()
    size = 0
    while data := response.read(MEBIBYTE):
        size += len(data)
    connection.close()
    return size


def memory(pid: int, field: str) -> int:
    """Return VmRSS, the memory now, or VmHWM, its peak, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    (kibibytes,) = re.findall(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)
    return int(kibibytes) * 1024


def children(pid: int) -> list[int]:
    files = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text().split()]


@pytest.mark.slow
def test_a_hundred_mebibytes_do_not_stay_in_either_process(require: Require) -> None:
    require(sys.platform == "linux", "memory is known on Linux")
    with running_command("pieces.chosen", "--port", "0", cwd=HANDLERS) as command:
        address, emulator = command.url.removeprefix("http://"), command.process.pid
        stream(address, 2)  # what is loaded once is loaded now
        before = {}
        for pid in (emulator, *children(emulator)):
            try:
                Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
            except OSError as error:
                pytest.skip(f"the peak of memory cannot be measured here: {error}")
            before[pid] = memory(pid, "VmRSS")
        begun = time.monotonic()
        size = stream(address, STREAMED)
        took = time.monotonic() - begun
        growth = {pid: memory(pid, "VmHWM") - rss for pid, rss in before.items()}
    print(f"{STREAMED} MiB in {took:.1f} s, growth in KiB: {[n // 1024 for n in growth.values()]}")
    assert size > STREAMED * MEBIBYTE
    assert len(growth) > 1
    assert max(growth.values()) < ALLOWED_GROWTH
