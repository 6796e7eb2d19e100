"""The Runtime API that drives what is measured, with real processes as peers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.child import running_child
from benchmarks.events import EVENT
from benchmarks.peers import PROGRAMS
from benchmarks.scripted_api import PeerFailed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peers are measured on Linux")

PEER = Path(__file__).parent / "peers" / "tells_its_headers.py"


def test_each_invoke_has_an_id_a_trace_and_a_deadline_of_its_own() -> None:
    with running_child([sys.executable, str(PEER), "answers each"]) as child:
        child.api.invoke(EVENT, times=5)
        child.api.invoke(EVENT, times=2)
        seen = json.loads(child.api.answer)
    assert len(seen) == 7
    for values in zip(*seen, strict=True):
        assert len(set(values)) == 7
        assert len({len(value) for value in values}) == 1


def test_an_answer_to_another_invoke_is_refused() -> None:
    with (
        pytest.raises(PeerFailed, match="unexpected"),
        running_child([sys.executable, str(PEER), "answers the first"]) as child,
    ):
        child.api.invoke(EVENT, times=2)


def test_a_peer_that_ends_fails_at_once() -> None:
    with (
        pytest.raises(PeerFailed, match="its process ended"),
        running_child([sys.executable, str(PEER), "ends"]) as child,
    ):
        child.api.invoke(EVENT)


def test_the_least_answers_each_invoke() -> None:
    with running_child([sys.executable, str(PROGRAMS / "four_system_calls.py"), "bare"]) as child:
        child.api.invoke(EVENT, times=20)
        assert child.api.answer == b"null"
        assert len(child.api.latencies) == 20
