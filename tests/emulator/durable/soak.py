"""Many durable executions, whose functions die and whose emulator is killed: `durable-soak`.

Each execution must succeed with its own result. A step whose checkpoint was answered never runs
again, and each operation ends once in the history, which is whole.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from signal import SIGKILL
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tests.support.command import RunningCommand, running_command
from tests.support.paths import EMULATED_HANDLERS

EXECUTIONS = "/2025-12-01/durable-executions"
LIST = "/2025-12-01/functions/journey/durable-executions"
INVOKE = "/2015-03-31/functions/journey/invocations"

PATIENCE = 600.0
"""Seconds until all executions have ended."""


@dataclass
class Soak:
    """What was seen."""

    wrong: list[str] = field(default_factory=list)
    ended: int = 0
    repeated: int = 0  # steps that ran again, since their process died before the checkpoint
    kibibytes: int = 0  # of the emulator, at the end
    seconds: float = 0.0


def soak(executions: int, *, steps: int = 4, kills: int = 0, deaths: float = 0.0) -> Soak:
    """Run so many executions at once, while the emulator is killed so often."""
    seen = Soak()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder, "journal")
        journal.touch()
        todo = set(range(executions))
        for _ in range(kills):
            with _emulator(Path(folder), deaths) as command:
                _start(command.url, todo, steps, time.monotonic() + random.uniform(0.1, 2))
                time.sleep(random.uniform(0, 0.5))  # a kill comes when it comes
                command.terminate(SIGKILL)
        with _emulator(Path(folder), deaths) as command:
            _start(command.url, todo, steps)
            _await_end(command.url)
            seen.kibibytes = _resident(command.process.pid)
            _judge(command.url, executions, steps, seen)
        seen.repeated = _judge_journal(journal, executions, steps, seen)
    seen.seconds = time.monotonic() - begun
    return seen


@contextmanager
def _emulator(folder: Path, deaths: float) -> Iterator[RunningCommand]:
    functions = ("--function", "journey=durable_soak.journey", "--function", "plain=durable.plain")
    options = ("--durable=journey", "--skip-time", "--state", str(folder / "state"), "--port", "0")
    environment = {"JOURNAL": str(folder / "journal"), "DEATHS": str(deaths)}
    with running_command(
        *functions, *options, "--host", "127.0.0.1", cwd=EMULATED_HANDLERS, env=environment
    ) as command:
        yield command


def _start(url: str, todo: set[int], steps: int, until: float | None = None) -> None:
    """Start executions until all run, or until a moment. An execution is known by its name."""
    for number in sorted(todo):
        if until is not None and time.monotonic() > until:
            return
        headers = {
            "X-Amz-Invocation-Type": "Event",
            "X-Amz-Durable-Execution-Name": f"journey-{number}",
        }
        body = json.dumps({"number": number, "steps": steps})
        _ask(url, "POST", INVOKE, body, headers)
        todo.discard(number)


def _await_end(url: str) -> None:
    query = urlencode({"Statuses": "RUNNING", "MaxItems": "1"})
    end = time.monotonic() + PATIENCE
    while _ask(url, "GET", f"{LIST}?{query}")["DurableExecutions"]:
        if time.monotonic() > end:
            return
        time.sleep(0.2)


def _judge(url: str, executions: int, steps: int, seen: Soak) -> None:
    found = {summary["DurableExecutionName"]: summary for summary in _pages(url, LIST)}
    for number in range(executions):
        summary = found.get(f"journey-{number}")
        if summary is None:
            seen.wrong.append(f"{number} is lost")
            continue
        path = f"{EXECUTIONS}/{quote(summary['DurableExecutionArn'], safe='')}"
        events = list(_pages(url, f"{path}/history"))
        ends = Counter(event["EventType"] for event in events)
        shown = _ask(url, "GET", path)
        right = (
            shown["Status"] == "SUCCEEDED"
            and json.loads(shown["Result"]) == {"echo": number}
            and ends["StepSucceeded"] == steps
            and ends["WaitSucceeded"] == ends["ChainedInvokeSucceeded"] == 1
            and [event["EventId"] for event in events] == list(range(1, len(events) + 1))
        )
        seen.ended += summary["Status"] == "SUCCEEDED"
        if not right:
            seen.wrong.append(f"{number}: {shown['Status']} {shown.get('Error')} {dict(ends)}")


def _pages(url: str, path: str) -> Iterator[dict[str, Any]]:
    marker: str | None = ""
    while marker is not None:
        page = _ask(url, "GET", f"{path}?{urlencode({'Marker': marker, 'MaxItems': '1000'})}")
        yield from page.get("Events") or page.get("DurableExecutions", [])
        marker = page.get("NextMarker")


def _judge_journal(journal: Path, executions: int, steps: int, seen: Soak) -> int:
    """Read what the functions did, and return how many steps ran again."""
    done: set[tuple[str, str]] = set()
    runs: Counter[tuple[str, str]] = Counter()
    for line in journal.read_text().splitlines():
        what, execution, name = line.split()
        step = (execution, name)
        if what == "done":
            done.add(step)
        else:
            runs[step] += 1
            if step in done:
                seen.wrong.append(f"{execution}: {name} runs, though it was done")
    if len(runs) != executions * steps:
        seen.wrong.append(f"{executions * steps - len(runs)} steps never ran")
    return runs.total() - len(runs)


def _ask(
    url: str, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        answer = response.read()
        if response.status >= 300:
            raise HTTPException(f"{method} {path}: {response.status} {answer[:200]!r}")
    finally:
        connection.close()
    members: dict[str, Any] = json.loads(answer or b"{}")
    return members


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def _show(title: str, seen: Soak) -> bool:
    print(
        f"{title}: {seen.ended} succeeded in {seen.seconds:.0f} s, {seen.repeated} steps ran "
        f"again, {seen.kibibytes / 1024:.0f} MiB; wrong: {len(seen.wrong)}"
    )
    for line in seen.wrong[:20]:
        print(f"  {line}")
    return not seen.wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/durable-soak", description=__doc__)
    parser.add_argument("executions", type=int, nargs="?", default=1_000)
    executions = parser.parse_args().executions
    fine = [
        _show(f"{executions} executions at once", soak(executions)),
        _show("the function's process dies", soak(executions, deaths=0.005)),
        _show("the emulator is killed 20 times", soak(executions, kills=20, deaths=0.002)),
        _show("a history of 10,000 events", soak(1, steps=5_000)),
    ]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
