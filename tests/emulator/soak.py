"""Many invokes, of which some crash, hang or raise, and what they leave behind: `scripts/soak`.

Every request must be answered once and rightly, every event must have been run once, and the
emulator must have as many processes and open files at the end as at the beginning, and no more
memory than noise. Linux, since that is asked of /proc.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lambda_ric.emulator.environment import lineage
from tests.support.command import running_command
from tests.support.paths import EMULATED_HANDLERS
from tests.support.processes import until

CONCURRENCY = 10
TIMEOUT = 5  # seconds, so that a loaded machine does not reach it by itself
FATES = ("exit", "hang", "kill", "raise")

EXPECTED_ERRORS = {
    "exit": "Runtime.ExitError",
    "kill": "Runtime.ExitError",
    "hang": "Sandbox.Timedout",
    "raise": "ValueError",
}


@dataclass(frozen=True)
class Usage:
    """What a process and its descendants hold."""

    processes: int
    files: int  # of the emulator alone
    kibibytes: int  # of the emulator alone

    @classmethod
    def of(cls, pid: int) -> Usage:
        status = Path(f"/proc/{pid}/status").read_text()
        resident = int(status.partition("VmRSS:")[2].split()[0])
        return cls(len(process_tree(pid)), len(os.listdir(f"/proc/{pid}/fd")), resident)


@dataclass
class Soak:
    """What was seen."""

    wrong: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    request_ids: set[str] = field(default_factory=set)
    usages: list[Usage] = field(default_factory=list)
    seconds: float = 0.0
    run_once: bool = False


def fate_of(number: int) -> str:
    """Return what becomes of an event: one in a hundred fails, in one of four ways."""
    return FATES[number // 100 % len(FATES)] if number % 100 == 50 else "answer"


def soak(invokes: int) -> Soak:
    """Invoke so many times, ten at a time, and return what was seen."""
    seen = Soak()
    with tempfile.TemporaryDirectory() as folder:
        marks = Path(folder, "marks")
        marks.touch()
        arguments = ("soak.handler", "--port", "0", "--timeout", str(TIMEOUT))
        host = ("--host", "127.0.0.1", "--log-format", "json")
        env = {"MARKS": str(marks)}
        with running_command(*arguments, *host, cwd=EMULATED_HANDLERS, env=env) as command:
            pid, url = command.process.pid, command.url
            begun = time.monotonic()
            for part in range(4):  # the first part warms up
                _invoke_all(url, range(part * invokes // 4, (part + 1) * invokes // 4), seen)
                settle(url)
                seen.usages.append(Usage.of(pid))
            seen.seconds = time.monotonic() - begun
        runs = Counter(map(int, marks.read_text().split()))
        seen.run_once = runs == Counter(range(invokes))
    return seen


def _invoke_all(url: str, numbers: range, seen: Soak) -> None:
    pending = iter(numbers)
    lock = threading.Lock()
    threads = [
        threading.Thread(target=_invoke_some, args=(url, pending, lock, seen))
        for _ in range(CONCURRENCY)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _invoke_some(url: str, pending: Iterator[int], lock: threading.Lock, seen: Soak) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    while True:
        with lock:
            number = next(pending, None)
        if number is None:
            break
        body = json.dumps({"number": number, "fate": fate_of(number)})
        connection.request("POST", "/2015-03-31/functions/function/invocations", body)
        answer = connection.getresponse()
        payload = json.loads(answer.read())
        with lock:
            _judge(number, answer, payload, seen)
    connection.close()


def _judge(number: int, answer: http.client.HTTPResponse, payload: Any, seen: Soak) -> None:
    fate, request_id = fate_of(number), answer.headers["x-amzn-RequestId"]
    seen.answers[fate] += 1
    error = answer.headers["X-Amz-Function-Error"]
    if fate == "answer":
        right = error is None and payload == {"number": number, "request_id": request_id}
    else:
        right = error == "Unhandled" and payload["errorType"] == EXPECTED_ERRORS[fate]
    if not right or answer.status != 200 or request_id in seen.request_ids:
        seen.wrong.append(f"{number} ({fate}): {answer.status} {error} {payload}")
    seen.request_ids.add(request_id)


def settle(url: str) -> None:
    """Wait until all environments are idle; there is no event for that outside of the emulator."""
    until(lambda: _all_are_idle(url))


def _all_are_idle(url: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", "/_ric/health")
    functions = json.loads(connection.getresponse().read())["functions"]
    connection.close()
    counts: dict[str, int]
    (counts,) = functions.values()
    return counts["idle"] == sum(counts.values())


def process_tree(pid: int) -> list[int]:
    """Return a process and its descendants; what ends meanwhile may be left out."""
    return [pid, *lineage.descendants(pid)]


def print_findings(wrong: list[str], usages: list[Usage]) -> None:
    """Print the first wrong answers, and what the emulator used after each quarter."""
    for line in wrong[:20]:
        print(f"  {line}")
    for part, usage in enumerate(usages, 1):
        print(
            f"after {part}/4: {usage.processes} processes, {usage.files} open files, "
            f"{usage.kibibytes / 1024:.1f} MiB"
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("invokes", type=int, nargs="?", default=20_000)
    seen = soak(parser.parse_args().invokes)
    print(f"{len(seen.request_ids)} answers in {seen.seconds:.0f} s: {dict(seen.answers)}")
    print(f"wrong answers: {len(seen.wrong)}; every event ran once: {seen.run_once}")
    print_findings(seen.wrong, seen.usages)
    return 1 if seen.wrong or not seen.run_once else 0


if __name__ == "__main__":
    sys.exit(main())
