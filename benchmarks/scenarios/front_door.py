"""What an HTTP front door adds to an invoke, in our emulator."""

from __future__ import annotations

import http.client
import json
import statistics
from dataclasses import dataclass

from benchmarks import emulators, peers
from benchmarks.emulators import emulating, free_ports, time_of_get
from benchmarks.rounds import Measured, Table, rounds, take_turns
from benchmarks.scripted_api import LIMIT_SECONDS
from lambda_ric.events.http import function_url

PATH = "/items/7?tag=new"
EVENT = json.dumps(function_url("GET", "/items/7", query="tag=new")).encode()
REQUESTS = 200


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


def _measure(door: Door) -> Measured:
    (http_port,) = free_ports(1)

    def command(port: int, api_port: int) -> list[str]:
        *program, end = emulators.ours(port, api_port)
        return [*program, "--http", str(http_port), "--http-as", door.name, end]

    with emulating(command, peers.OURS.argv("http_ok")) as running:
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
