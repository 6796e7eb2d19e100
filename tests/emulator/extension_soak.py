"""Many invokes beside ten external extensions, and what they leave: `scripts/soak extensions`.

One extension is slow, one crashes, one hangs, and one has subscribed to telemetry twice: a listener
takes all of it, the other one is not there. Every invoke must be answered, and at the end there is
as little as at the beginning. Linux, since that is asked of /proc.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.emulator.soak import Usage, print_findings, process_tree, settle
from tests.support.command import running_command
from tests.support.extensions import extension
from tests.support.paths import EMULATED_HANDLERS
from tests.support.processes import ended, free_port, until
from tests.support.telemetry import TELEMETRY, subscribing, subscription

EXTENSIONS = [*(f"calm{number}" for number in range(7)), "snail slow", "bomb crashes", "rock hangs"]
TIMEOUT = 2
PROCESSES = 3 + len(EXTENSIONS)
"""The emulator, its guard, the function and the extensions."""


@dataclass
class ExtensionSoak:
    """What was seen."""

    wrong: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    usages: list[Usage] = field(default_factory=list)
    telemetry: int = 0  # bytes


def soak_extensions(invokes: int, *, crashes_at: int, hangs_at: Container[int]) -> ExtensionSoak:
    """Invoke that often, one after the other, and return what was seen.

    One extension crashes at this event of each environment, another hangs at these invokes.
    """
    seen = ExtensionSoak()
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        hang = Path(folder, "hang")
        threading.Thread(target=_listen, args=(server, seen), daemon=True).start()
        ports = (server.getsockname()[1], free_port())
        requests = [(TELEMETRY, subscription(port, protocol="TCP")) for port in ports]
        variables = subscribing(*requests) | {
            "SUBSCRIBER": "calm0",
            "SLOW_SECONDS": "0.002",
            "CRASHES_AT": str(crashes_at),
            "HANGS_IF_THERE_IS": str(hang),
        }
        arguments = ["app.handler", "--port", "0", "--timeout", str(TIMEOUT), "--concurrency", "1"]
        for words in EXTENSIONS:
            arguments += ["--extension", extension(words)]
        with running_command(*arguments, cwd=EMULATED_HANDLERS, env=variables) as emulator:
            pid, url = emulator.process.pid, emulator.url
            for part in range(4):  # the first part warms up
                for number in range(part * invokes // 4, (part + 1) * invokes // 4):
                    if number in hangs_at:
                        hang.touch()
                    _invoke(url, number, seen)
                settle(url)
                # An environment that has been replaced may still be ending.
                until(lambda: Usage.of(pid).processes <= PROCESSES)
                seen.usages.append(Usage.of(pid))
            processes = process_tree(pid)
            emulator.terminate()
            until(lambda: all(map(ended, processes)))
    return seen


def _invoke(url: str, number: int, seen: ExtensionSoak) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    body = json.dumps({"keep": number})
    connection.request("POST", "/2015-03-31/functions/function/invocations", body)
    answer = connection.getresponse()
    payload = json.loads(answer.read())
    connection.close()
    fate = payload.get("errorType", "answer")
    seen.answers[fate] += 1
    right = payload.get("event") == {"keep": number} or fate == "Extension.Crash"
    if answer.status != 200 or not right:
        seen.wrong.append(f"{number}: {answer.status} {payload}")


def _listen(server: socket.socket, seen: ExtensionSoak) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_read, args=(connection, seen), daemon=True).start()


def _read(connection: socket.socket, seen: ExtensionSoak) -> None:
    with connection:
        while data := connection.recv(65_536):
            seen.telemetry += len(data)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak extensions", description=__doc__)
    parser.add_argument("invokes", type=int, nargs="?", default=5_000)
    invokes = parser.parse_args().invokes
    hangs_at = range(invokes // 8, invokes, max(1, invokes // 4))
    seen = soak_extensions(invokes, crashes_at=max(3, invokes // 10), hangs_at=hangs_at)
    print(f"{seen.answers.total()} answers: {dict(seen.answers)}, {seen.telemetry:,} bytes")
    print_findings(seen.wrong, seen.usages)
    return 1 if seen.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
