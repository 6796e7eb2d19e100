"""What is measured. A scenario gives each peer its turn and returns figures by metric and peer."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import peers
from benchmarks.child import run_to_end, serving
from benchmarks.environments import footprint
from benchmarks.peers import Peer
from benchmarks.rounds import Measured, Table, take_turns
from benchmarks.tracing import instructions_per_invoke, system_calls_per_invoke

EVENT = b'{"id": 1, "name": "benchmark", "tags": ["a", "b"], "active": true}'
MEBIBYTE = 1_048_576


@dataclass(frozen=True)
class Scenario:
    """`run` gets a number that scales the rounds: 1 for a figure to quote, less for a look."""

    name: str
    title: str
    run: Callable[[float], Table]


def _cold_start(function: str) -> Callable[[Peer], Measured]:
    def measure(peer: Peer) -> Measured:
        if not peer.serves:
            wall, cpu = run_to_end(peer.argv(function))
            return {"wall ms": wall * 1e3, "CPU ms": cpu * 1e3}
        with serving(peer.argv(function)) as child:
            answered_at = child.api.invoke(EVENT)
            return {
                "wall ms": (answered_at - child.started_at) * 1e3,
                "CPU ms": child.cpu_seconds() * 1e3,
            }

    return measure


def cold_start(scale: float) -> Table:
    everyone = (peers.OURS, peers.OURS_AS_SCRIPT, *peers.RUNTIMES[1:], peers.NOTHING)
    return take_turns(everyone, _cold_start("bare"), _rounds(41, scale))


def cold_start_with_logging(scale: float) -> Table:
    return take_turns(_starts(), _cold_start("with_logging"), _rounds(21, scale))


def cold_start_with_boto3(scale: float) -> Table:
    return take_turns(_starts(), _cold_start("with_boto3"), _rounds(11, scale))


def _starts() -> tuple[Peer, ...]:
    return (peers.OURS, peers.OURS_AS_SCRIPT, *_drop_in()[1:])


def _drop_in() -> tuple[Peer, ...]:
    """Return the peers that serve the same functions as AWS's client."""
    return tuple(peer for peer in peers.RUNTIMES if peer is not peers.PURE_LAMBDA_RIC)


def _warm(payload: bytes, times: int) -> Callable[[Peer], Measured]:
    def measure(peer: Peer) -> Measured:
        with serving(peer.argv("bare")) as child:
            child.api.invoke(payload, max(2, times // 10))
            child.api.latencies.clear()
            before = child.cpu_seconds()
            child.api.invoke(payload, times)
            return {
                "CPU µs": (child.cpu_seconds() - before) / times * 1e6,
                "latency µs": statistics.median(child.api.latencies) * 1e6,
            }

    return measure


def warm(scale: float) -> Table:
    return take_turns(peers.RUNTIMES, _warm(EVENT, 500), _rounds(15, scale))


def _payload(payload: bytes, times: int) -> Callable[[float], Table]:
    everyone = (peers.OURS, peers.OURS_WITH_ORJSON, peers.AWSLAMBDARIC, peers.HTTP_CLIENT)
    return lambda scale: take_turns(everyone, _warm(payload, times), _rounds(11, scale))


def text_event(size: int) -> bytes:
    """Return an event of so many bytes that is one long text, as an uploaded file would be."""
    event = b'{"body": "%b"}' % (b"a" * (size - 12))
    assert len(event) == size
    return event


def records_event(size: int) -> bytes:
    """Return an event of about so many bytes that is a list of small records."""
    record = {"id": 1234567, "sku": "A-1234", "price": 12.5, "tags": ["new", "sale"], "ok": True}
    count = size // (len(json.dumps(record)) + 2)
    return json.dumps({"records": [record] * count}).encode()


def memory(scale: float) -> Table:
    def measure(peer: Peer) -> Measured:
        with serving(peer.argv("bare")) as child:
            child.api.invoke(EVENT)
            return {
                "idle MB": child.memory("VmRSS") / 1e6,
                "peak MB": child.memory("VmHWM") / 1e6,
            }

    return take_turns(peers.RUNTIMES, measure, _rounds(5, scale))


def installed(_: float) -> Table:
    everyone = [peer for peer in peers.RUNTIMES if peer.requirement]

    def measure(peer: Peer) -> Measured:
        found = footprint(str(peer.requirement))
        return {
            "size MB": found.size / 1e6,
            "files": found.files,
            "packages": found.packages,
        }

    return take_turns(everyone, measure, rounds=1, warm_up=0)


def modules(_: float) -> Table:
    def measure(peer: Peer) -> Measured:
        with serving(peer.argv("modules")) as child:
            child.api.invoke(EVENT)
            return {"modules": float(child.api.answer)}

    return take_turns(_drop_in(), measure, rounds=1, warm_up=0)


def system_calls(_: float) -> Table:
    def measure(peer: Peer) -> Measured:
        return {"system calls": system_calls_per_invoke(peer.argv("bare"), EVENT)}

    return take_turns(peers.RUNTIMES, measure, rounds=1, warm_up=0)


def instructions(_: float) -> Table:
    def measure(peer: Peer) -> Measured:
        return {"thousand instructions": instructions_per_invoke(peer.argv("bare"), EVENT) / 1e3}

    return take_turns(_drop_in(), measure, rounds=1, warm_up=0)


def _rounds(full: int, scale: float) -> int:
    return max(3, round(full * scale))


SCENARIOS = (
    Scenario("cold-start", "Cold start: exec to first response posted", cold_start),
    Scenario(
        "cold-start-logging",
        "… of a function that imports json and logging",
        cold_start_with_logging,
    ),
    Scenario(
        "cold-start-boto3", "… of a function that makes a boto3 client", cold_start_with_boto3
    ),
    Scenario("warm", "Warm invoke, small event", warm),
    Scenario("memory", "Memory, idle after one invoke", memory),
    Scenario("text-10k", "Text of 10 kB in and out", _payload(text_event(10_000), 300)),
    Scenario("text-100k", "Text of 100 kB in and out", _payload(text_event(100_000), 100)),
    Scenario("text-1m", "Text of 1 MB in and out", _payload(text_event(1_000_000), 20)),
    Scenario("text-5m", "Text of 5 MB in and out", _payload(text_event(5_000_000), 10)),
    Scenario("text-6m", "Text of 6 MiB in and out", _payload(text_event(6 * MEBIBYTE), 10)),
    Scenario("records-100k", "Records of 100 kB in and out", _payload(records_event(100_000), 50)),
    Scenario("records-5m", "Records of 5 MB in and out", _payload(records_event(5_000_000), 5)),
    Scenario("installed", "Installed, without compiled modules", installed),
    Scenario("modules", "Modules loaded at the first invoke", modules),
    Scenario("system-calls", "System calls of one warm invoke", system_calls),
    Scenario("instructions", "CPU instructions of one warm invoke", instructions),
)
