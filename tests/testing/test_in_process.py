from __future__ import annotations

import asyncio
import decimal
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric import HttpPrelude, LambdaContext, StreamingResponse
from lambda_ric.emulator import FunctionConfig
from lambda_ric.runtime.errors import Fault
from lambda_ric.testing import HandlerFailed, InvokeRefused, fake_context, invoke
from tests.support import processes
from tests.support.paths import HANDLERS


def echo(event: Any, context: LambdaContext) -> Any:
    return event


def test_the_result_of_a_handler_is_its_payload() -> None:
    result = invoke(lambda event, context: {"got": event["a"]}, {"a": 1})
    assert (result.payload, result.error, result.chunks, result.logs) == ({"got": 1}, None, [], "")
    assert (result.body, result.content_type) == (b'{"got": 1}', "application/json")


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=10,
)


@given(_JSON.filter(lambda event: event is not None))
def test_events_and_results_go_through_json_unharmed(event: Any) -> None:
    assert invoke(echo, event).payload == event


def test_no_event_is_an_empty_object() -> None:
    assert invoke(echo).payload == {}


def test_an_event_is_a_copy_as_it_is_in_lambda() -> None:
    def change(event: Any, context: LambdaContext) -> Any:
        event["a"].append(2)
        return event

    event = {"a": [1]}
    assert invoke(change, event).payload == {"a": [1, 2]}
    assert event == {"a": [1]}


def test_a_tuple_arrives_as_a_list_and_an_int_key_as_text() -> None:
    assert invoke(echo, {1: (2, 3)}).payload == {"1": [2, 3]}


def test_a_payload_of_bytes_is_sent_as_it_is() -> None:
    assert invoke(echo, b'{"a": 1.50}').payload == {"a": 1.5}
    error = invoke(echo, b"{bad").error
    assert error is not None
    assert error["errorType"] == "Runtime.UnmarshalError"


def test_a_result_that_is_not_json_is_an_error_as_in_lambda() -> None:
    result = invoke(lambda event, context: {"when": {1, 2}})
    assert result.payload == result.error
    assert result.error is not None
    assert result.error["errorType"] == "Runtime.MarshalError"
    assert "set is not JSON serializable" in result.error["errorMessage"]


def test_a_decimal_is_a_number_as_it_is_in_lambda() -> None:
    assert invoke(lambda event, context: decimal.Decimal("1.10")).body == b"1.10"


def test_bytes_are_a_result_of_their_own() -> None:
    result = invoke(lambda event, context: b"\0\xff")
    assert (result.payload, result.content_type) == (b"\0\xff", "application/unknown")


def test_an_exception_becomes_the_report_that_lambda_gets() -> None:
    def fail(event: Any, context: LambdaContext) -> None:
        raise KeyError("order")

    context = fake_context(request_id="r-1")
    result = invoke(fail, {}, context)
    assert result.error is not None
    assert result.error["errorType"] == "KeyError"
    assert result.error["errorMessage"] == "'order'"
    assert result.error["requestId"] == "r-1"
    assert [entry.splitlines()[1].strip() for entry in result.error["stackTrace"]] == [
        'raise KeyError("order")'
    ]
    assert "[ERROR] KeyError: 'order'" in result.logs


def fail(event: Any, context: LambdaContext) -> None:
    raise ValueError("x")


def test_an_exception_of_the_handler_has_no_context_of_ours() -> None:
    def look(event: Any, context: LambdaContext) -> str:
        try:
            raise ValueError("x")
        except ValueError as error:
            return repr([sys.exc_info()[1], error.__context__])

    assert invoke(look).payload == "[ValueError('x'), None]"
    assert "Raised while handling" not in invoke(fail).logs


def test_an_error_is_logged_in_lines() -> None:
    lines = invoke(fail).logs.splitlines()
    assert lines[:2] == ["[ERROR] ValueError: x", "Traceback (most recent call last):"]
    assert lines[2].startswith('  File "')
    assert not {"\r", "\N{NO-BREAK SPACE}"} & set(invoke(fail).logs)


def test_the_payload_of_a_failure_is_the_report_of_its_error() -> None:
    result = invoke(fail)
    assert result.payload == result.error
    with pytest.raises(KeyError, match=r"'total' is not in the result: .* ValueError: x"):
        result.payload["total"]


def test_a_failure_shows_its_error_first() -> None:
    assert repr(invoke(fail)).startswith("HandlerResult(error='ValueError: x', ")
    assert repr(invoke(echo, 1)) == "HandlerResult(body=b'1', logs='')"


def test_a_failure_can_be_raised() -> None:
    with pytest.raises(HandlerFailed, match=r"(?s)ValueError: x\n.*raise ValueError") as failed:
        invoke(fail).raise_for_error()
    assert failed.value.error["errorType"] == "ValueError"
    assert invoke(echo, 1).raise_for_error().payload == 1


def test_exits_of_the_handler_pass_through() -> None:
    def leave(event: Any, context: LambdaContext) -> None:
        sys.exit(3)

    with pytest.raises(SystemExit) as ended:
        invoke(leave)
    assert ended.value.code == 3


def test_results_are_as_large_as_lambda_lets_them_be() -> None:
    largest = 6 * 1_048_576 + 100
    assert invoke(lambda event, context: b"x" * largest).error is None
    error = invoke(lambda event, context: b"x" * (largest + 1)).error
    assert error is not None
    assert error["errorType"] == "Function.ResponseSizeTooLarge"


def test_events_are_as_large_as_lambda_lets_them_be() -> None:
    with pytest.raises(InvokeRefused) as refused:
        invoke(echo, b" " * (6 * 1_048_576) + b"1")
    assert (refused.value.status, refused.value.error_type) == (413, "RequestTooLargeException")


async def awaits(event: Any, context: LambdaContext) -> Any:
    await asyncio.sleep(0)
    return {"async": event}


def test_async_handlers_are_awaited() -> None:
    assert invoke(awaits, 1).payload == {"async": 1}


def test_async_handlers_share_one_event_loop() -> None:
    async def loop_id(event: Any, context: LambdaContext) -> int:
        return id(asyncio.get_running_loop())

    assert invoke(loop_id).payload == invoke(loop_id).payload


def test_handlers_of_all_kinds_run_within_an_async_test() -> None:
    async def test() -> list[Any]:
        return [invoke(awaits, 1).payload, invoke(echo, 2).payload, invoke(stream, 2).chunks]

    assert asyncio.run(test()) == [{"async": 1}, 2, [b"piece 0", b"piece 1"]]


def test_an_async_handler_is_cancelled_before_its_deadline() -> None:
    async def forever(event: Any, context: LambdaContext) -> None:
        await asyncio.Event().wait()

    error = invoke(forever, {}, fake_context(timeout=0.2)).error
    assert error is not None
    assert error["errorType"] == "Function.DeadlineExceeded"


def stream(event: int, context: LambdaContext) -> Iterator[str]:
    for number in range(event):
        yield f"piece {number}"


async def stream_async(event: int, context: LambdaContext) -> AsyncIterator[bytes]:
    for number in range(event):
        await asyncio.sleep(0)
        yield b"piece %d" % number


@pytest.mark.parametrize("handler", [stream, stream_async])
def test_each_piece_of_a_stream_is_a_chunk(handler: Any) -> None:
    result = invoke(handler, 3)
    assert result.chunks == [b"piece 0", b"piece 1", b"piece 2"]
    assert result.body == b"piece 0piece 1piece 2"
    assert (result.payload, result.content_type) == (result.body, "application/octet-stream")
    assert (result.error, result.prelude) == (None, None)


def test_an_empty_stream_has_no_chunks() -> None:
    assert (invoke(stream, 0).chunks, invoke(stream, 0).body) == ([], b"")


def test_a_stream_that_fails_keeps_the_chunks_before() -> None:
    def breaks(event: Any, context: LambdaContext) -> Iterator[str]:
        yield "one"
        raise ValueError("no more")

    result = invoke(breaks)
    assert result.chunks == [b"one"]
    assert result.error is not None
    assert (result.error["errorType"], result.error["errorMessage"]) == ("ValueError", "no more")
    assert "[ERROR] ValueError: no more" in result.logs


def test_a_stream_that_fails_before_its_first_piece_is_an_ordinary_error() -> None:
    def breaks(event: Any, context: LambdaContext) -> Iterator[str]:
        raise ValueError("at once")
        yield ""  # type: ignore[unreachable]  # makes it a generator

    result = invoke(breaks)
    assert (result.chunks, result.body) == ([], b"")
    assert result.error is not None
    assert result.error["errorMessage"] == "at once"


def test_the_prelude_of_an_http_stream_is_not_a_chunk() -> None:
    def page(event: Any, context: LambdaContext) -> Iterator[HttpPrelude | str]:
        yield HttpPrelude(201, {"content-type": "text/html"}, ["a=1"])
        yield "<p>"
        yield "</p>"

    result = invoke(page)
    assert result.prelude == {
        "statusCode": 201,
        "headers": {"content-type": "text/html"},
        "cookies": ["a=1"],
    }
    assert result.chunks == [b"<p>", b"</p>"]


def test_a_streaming_response_has_the_content_type_it_says() -> None:
    result = invoke(lambda event, context: StreamingResponse(["a", b"b"], content_type="text/csv"))
    assert (result.content_type, result.chunks) == ("text/csv", [b"a", b"b"])


@given(st.lists(st.binary(min_size=1, max_size=100_000), max_size=4))
def test_the_chunks_are_the_pieces_whatever_is_in_them(pieces: list[bytes]) -> None:
    assert invoke(lambda event, context: StreamingResponse(iter(pieces))).chunks == pieces


def test_prints_and_log_records_are_kept_and_still_seen(capsys: pytest.CaptureFixture[str]) -> None:
    def talk(event: Any, context: LambdaContext) -> None:
        print("printed")
        print("complaint", file=sys.stderr)
        logging.getLogger("orders").warning("logged")
        context.log("said\n")

    context = fake_context(request_id="r-7")
    logs = invoke(talk, {}, context).logs
    printed, complaint, logged, said = logs.splitlines()
    assert (printed, complaint, said) == ("printed", "complaint", "said")
    assert logged.startswith("[WARNING]\t")
    assert logged.endswith("Z\tr-7\tlogged")
    seen = capsys.readouterr()
    assert "printed" in seen.out
    assert "complaint" in seen.err


def test_standard_output_has_all_that_it_has_elsewhere() -> None:
    def look(event: Any, context: LambdaContext) -> Any:
        sys.stdout.writelines(["one\n", "two\n"])
        sys.stdout.flush()
        sys.stdout.buffer.write(b"")
        return [sys.stdout.encoding.lower(), sys.stdout.isatty()]

    result = invoke(look)
    assert (result.payload, result.logs) == ([sys.stdout.encoding.lower(), False], "one\ntwo\n")


def test_logging_is_afterwards_as_it_was() -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, logging.Formatter.converter)
    invoke(echo, 1)
    assert (list(root.handlers), root.level, logging.Formatter.converter) == before


def test_the_environment_is_afterwards_as_it_was() -> None:
    before = dict(os.environ)
    invoke(echo, 1)
    assert dict(os.environ) == before


def environment(event: Any, context: LambdaContext) -> dict[str, str]:
    return dict(os.environ)


def test_lambdas_variables_are_set_while_the_handler_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    context = fake_context(function_name="orders", function_version="7", memory=512)
    variables = invoke(environment, {}, context, env={"TABLE": "t"}).payload
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "orders"
    assert variables["AWS_LAMBDA_FUNCTION_VERSION"] == "7"
    assert variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"
    assert variables["AWS_LAMBDA_LOG_STREAM_NAME"] == context.log_stream_name
    assert variables["AWS_REGION"] == "eu-west-1"
    assert variables["TABLE"] == "t"
    assert not {"TABLE", "AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME"} & set(os.environ)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process is fixed here")
def test_the_time_zone_is_lambdas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    assert invoke(lambda event, context: time.localtime().tm_gmtoff).payload == 0
    assert time.localtime().tm_gmtoff != 0
    away = invoke(lambda event, context: time.localtime(0).tm_gmtoff, env={"TZ": "Asia/Tokyo"})
    assert away.payload == 9 * 3600
    monkeypatch.undo()
    time.tzset()


def test_boto3_knows_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def region(event: Any, context: LambdaContext) -> str:
        name: str = boto3.client("dynamodb").meta.region_name
        return name

    assert invoke(region).payload == "us-east-1"


def test_a_named_handler_is_loaded_with_its_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loaded_late.py").write_text(
        "import os\nTABLE = os.environ['TABLE']\ndef handler(event, context): return TABLE\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert invoke("loaded_late.handler", env={"TABLE": "t"}).payload == "t"


def test_the_defaults_are_those_of_the_emulator() -> None:
    context = fake_context()
    variables = invoke(environment, {}, context).payload
    assert context.function_name == FunctionConfig.name
    assert variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == str(FunctionConfig.memory)
    assert context.invoked_function_arn == FunctionConfig().arn()


def test_a_handler_can_be_named() -> None:
    assert invoke("json.dumps", [1]).error is not None  # dumps takes no context
    with pytest.raises(Fault, match="Unable to import module 'nowhere'"):
        invoke("nowhere.handler")
    with pytest.raises(Fault, match="Handler 'nothing' missing on module 'json'"):
        invoke("json.nothing")


def test_the_handler_gets_the_context_of_the_test() -> None:
    context = fake_context(function_name="orders", tenant_id="blue")
    result = invoke(lambda event, given: [given is context, given.tenant_id], {}, context)
    assert result.payload == [True, "blue"]


def test_an_event_that_is_not_json_is_an_error_of_the_test() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        invoke(echo, {"when": object()})
    assert json.loads(invoke(echo, {"a": None}).body) == {"a": None}


def test_a_thread_that_waits_for_a_task_does_not_keep_the_process() -> None:
    program = "import coroutines; from lambda_ric.testing import invoke; "
    program += "print(invoke(coroutines.leaves_a_thread).payload)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=HANDLERS,
        env=processes.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("None\nbackground ended\n")
