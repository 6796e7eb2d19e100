"""Under AWS's own emulator as everybody uses it, what AWS's own client does not do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rie.emulator_of_aws import rie
from tests.support.rie import RunningRie


@pytest.fixture(scope="module")
def emulator(aws_emulator: None) -> Iterator[RunningRie]:
    with rie("app.handler") as running:
        yield running


def test_sigterm_reaches_the_hooks(aws_emulator: None) -> None:
    with rie("app.handler") as running:
        running.invoke({})
        running.terminate()
        assert "shutdown hook ran" in running.log


def test_all_pieces_of_a_generator_arrive(emulator: RunningRie) -> None:
    answer = emulator.invoke({"kind": "generator", "pieces": 3})
    assert (answer.status_code, answer.content) == (200, b"0;1;2;")


def test_a_prelude_is_passed_on(emulator: RunningRie) -> None:
    answer = emulator.invoke({"kind": "generator", "prelude": True})
    assert answer.content == b'{"statusCode": 200, "headers": {"a": "b"}}' + b"\0" * 8 + b"0;1;"
    answer = emulator.invoke({"kind": "response"})
    assert answer.content.endswith(b"\0" * 8 + b"ab")


@pytest.mark.parametrize("size", [1, 5_000, 1_000_000])
def test_an_error_in_a_stream_of_any_size_does_not_cost_the_next_invocation(
    emulator: RunningRie, size: int
) -> None:
    """Trailers over 4096 bytes make this emulator drop the connection."""
    before = emulator.invoke({}).json()["pid"]
    answer = emulator.invoke({"kind": "generator", "fail": size})
    assert (answer.status_code, answer.content) == (200, b"0;1;")
    assert emulator.invoke({}).json()["pid"] == before


def test_a_megabyte_of_pieces_arrives(emulator: RunningRie) -> None:
    answer = emulator.invoke({"kind": "generator", "pieces": 150_000})
    assert len(answer.content) == sum(len(f"{number};") for number in range(150_000))


def test_a_coroutine_is_awaited(emulator: RunningRie) -> None:
    assert emulator.invoke({"kind": "coroutine"}).json() == "awaited"


def test_an_error_is_an_error(emulator: RunningRie) -> None:
    assert emulator.invoke({"kind": "raise"}).json()["errorMessage"] == "mine"
