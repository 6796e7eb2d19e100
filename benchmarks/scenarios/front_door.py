"""HTTP front doors: what one adds to an invoke in our emulator, and serverless-offline's."""

from __future__ import annotations

import http.client
import json
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks import emulators, peers, serverless
from benchmarks.emulators import Emulator, emulating, free_ports, time_of_get
from benchmarks.rounds import Measured, Table, rounds, take_turns
from benchmarks.scripted_api import LIMIT_SECONDS
from lambda_ric.events.http import function_url

PATH = "/items/7?tag=new"
EVENT = json.dumps(function_url("GET", "/items/7", query="tag=new")).encode()
REQUESTS = 200
AT_A_TIME = 50


@dataclass(frozen=True)
class Door:
    """A front door, as `--http-as` names it."""

    name: str


DOORS = (Door("function-url"), Door("http-api"), Door("rest-api"), Door("alb"))


def added(scale: float) -> Table:
    """Invokes and requests of the same function alternate, over a kept connection each.

    The event of an invoke is about the one that the front door makes; the function returns a
    response.
    """
    return take_turns(DOORS, _measure, rounds(5, scale))


OURS = Door("lambda-ric --http-as http-api")
SERVERLESS_OFFLINE = Door("serverless-offline")


def beside_serverless_offline(scale: float) -> Table:
    """Both serve the same Python function behind an HTTP API, stay up, and take short turns."""
    with ExitStack() as stack:
        ports = {
            OURS.name: stack.enter_context(_front_door("http-api"))[1],
            SERVERLESS_OFFLINE.name: stack.enter_context(serverless.serving()),
        }
        clients = {
            name: http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)
            for name, port in ports.items()
        }

        def measure(door: Door) -> Measured:
            times = [time_of_get(clients[door.name], PATH) for _ in range(AT_A_TIME)]
            return {
                "median µs": statistics.median(times) * 1e6,
                "95th percentile µs": statistics.quantiles(times, n=20)[-1] * 1e6,
            }

        return take_turns((OURS, SERVERLESS_OFFLINE), measure, rounds(21, scale))


@contextmanager
def _front_door(kind: str) -> Iterator[tuple[Emulator, int]]:
    """Start our emulator with a front door, and yield it with the port of the front door."""
    (http_port,) = free_ports(1)

    def command(port: int, api_port: int) -> list[str]:
        *program, end = emulators.ours(port, api_port)
        return [*program, "--http", str(http_port), "--http-as", kind, end]

    with emulating(command, peers.OURS.argv("http_ok")) as running:
        yield running, http_port


def _measure(door: Door) -> Measured:
    with _front_door(door.name) as (running, http_port):
        client = http.client.HTTPConnection("127.0.0.1", http_port, timeout=LIMIT_SECONDS)
        plain, through = [], []
        for turn in range(-REQUESTS // 10, REQUESTS):
            times = running.time_of_invoke(EVENT), time_of_get(client, PATH)
            if turn >= 0:
                plain.append(times[0])
                through.append(times[1])
        client.close()
    return {
        "plain invoke, median µs": statistics.median(plain) * 1e6,
        "through the front door, median µs": statistics.median(through) * 1e6,
        "the front door adds µs": (statistics.median(through) - statistics.median(plain)) * 1e6,
    }
