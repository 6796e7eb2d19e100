"""JSON by other means: use_json."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from lambda_ric.testing import Event
from tests.support.runtime import RunningRuntime, serving

pytestmark = pytest.mark.measured


def start(
    choice: str, *events: Event, handler: str = "handler"
) -> AbstractContextManager[RunningRuntime]:
    return serving(f"json_choices.{handler}", events, environ={"JSON": choice})


def test_orjson_reads_and_writes() -> None:
    with start("orjson", Event({"ä": [1, None]}), Event(b'{"a": NaN}'), Event("set")) as runtime:
        good, bad_event, bad_result = runtime.posts(3)
    assert good.body == '{"ä":[1,null]}'.encode()
    assert good.header("Content-Type") == "application/json"
    assert bad_event.json()["errorType"] == "Runtime.UnmarshalError"
    assert bad_event.json()["errorMessage"].startswith("Unable to unmarshal input: ")
    assert bad_result.json()["errorType"] == "Runtime.MarshalError"
    assert bad_result.json()["errorMessage"] == (
        "Unable to marshal response: Type is not JSON serializable: set"
    )


@pytest.mark.parametrize("choice", ["default", "orjson default"])
def test_values_that_json_does_not_know_can_be_converted(choice: str) -> None:
    with start(choice, Event("date"), Event("set")) as runtime:
        dates, numbers = runtime.posts(2)
    assert dates.json() == {"at": "2026-01-02", "nested": ["2026-01-03"]}
    assert numbers.json() == "{1, 2}"


def test_errors_of_chosen_functions_are_marshalling_errors() -> None:
    with start("failing", Event(), Event()) as runtime:
        first, second = runtime.posts(2)
    assert first.json()["errorType"] == "Runtime.UnmarshalError"
    assert first.json()["errorMessage"] == "Unable to unmarshal input: too strict"
    assert second.json() == {**first.json(), "requestId": second.json()["requestId"]}


def test_dumps_that_returns_no_text_is_a_marshalling_error() -> None:
    with start("bad dumps", Event(1), Event(2)) as runtime:
        first, second = runtime.posts(2)
    assert first.json()["errorType"] == second.json()["errorType"] == "Runtime.MarshalError"
    assert "int" in first.json()["errorMessage"]


def test_an_omitted_function_falls_back_to_the_built_in_json() -> None:
    with start("back", Event({"a": 1}), Event("date")) as runtime:
        first, second = runtime.posts(2)
    assert first.body == b'{"a": 1}'
    assert second.json()["errorType"] == "Runtime.MarshalError"


def test_use_json_does_not_affect_streams() -> None:
    with start("orjson", Event({"text": "plain"}), handler="stream") as runtime:
        assert runtime.posts(1)[0].body == b"plain"
