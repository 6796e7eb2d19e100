"""The emulator as tests of users run it."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys

import boto3
import pytest

from lambda_ric.testing import Emulator, HandlerFailed, InvokeRefused
from lambda_ric.testing.served_functions import ServedFunction
from tests.support.paths import EMULATED_HANDLERS


def test_invoke_returns_the_result_and_the_log() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        result = emulator.invoke({"write": "hello"})
        assert result.status == 200
        assert result.function_error is None
        assert result.payload["event"] == {"write": "hello"}
        assert result.payload["pid"] != os.getpid()
        assert result.log_tail is not None
        assert "\nhello\n" in result.log_tail
        assert result.log_tail in emulator.log


def test_an_error_of_the_function_is_a_result() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        result = emulator.invoke({"fail": "boom"})
        assert result.function_error == "Unhandled"
        assert result.payload["errorMessage"] == "boom"


def test_the_function_is_stopped_at_its_timeout() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS, timeout=0.5) as emulator:
        result = emulator.invoke({"sleep": 30})
        assert result.payload["errorType"] == "Sandbox.Timedout"
        assert emulator.invoke().payload["event"] == {}


def test_several_functions_are_served_by_name() -> None:
    functions = {"one": "app.handler", "other": "app.environment"}
    with Emulator(functions=functions, cwd=EMULATED_HANDLERS, env={"COLOUR": "blue"}) as emulator:
        assert emulator.invoke().payload["event"] == {}
        variables = emulator.invoke(function="other").payload
        assert variables["COLOUR"] == "blue"
        assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "other"
        with pytest.raises(InvokeRefused, match=r"served here: one, other"):
            emulator.invoke(function="third")


def test_functions_have_options_of_their_own() -> None:
    functions: dict[str, str | ServedFunction] = {
        "own": {"handler": "app.environment", "memory": 256, "env": {"COLOUR": "blue"}},
        "other": "app.environment",
    }
    with Emulator(functions=functions, cwd=EMULATED_HANDLERS, memory=512) as emulator:
        own, other = (emulator.invoke(function=name).payload for name in functions)
    assert (own["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], own["COLOUR"]) == ("256", "blue")
    assert (other["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], "COLOUR" in other) == ("512", False)


def test_each_line_of_a_shared_log_names_its_function() -> None:
    functions = {"one": "app.handler", "other": "app.handler"}
    with Emulator(functions=functions, cwd=EMULATED_HANDLERS) as emulator:
        emulator.invoke({"write": "said\n"}, function="other")
    assert "\nother | said\nother | END RequestId" in emulator.log


def test_the_end_of_an_event_names_its_function_too() -> None:
    functions = {"one": "app.handler", "other": "app.handler"}
    options = {"concurrency": 1, "maximum_retry_attempts": 0}
    with Emulator(functions=functions, cwd=EMULATED_HANDLERS, **options) as emulator:  # type: ignore[arg-type]
        emulator.invoke({"fail": "boom"}, function="other", invocation_type="Event")
        emulator.invoke(function="other")  # served after the event
    assert re.search(r"\nother \| \S+ \S+ Event dropped after 1 attempt: ", emulator.log)


def test_the_log_has_the_whole_size_of_a_response_that_is_too_large() -> None:
    with Emulator("app.big", cwd=EMULATED_HANDLERS) as emulator:
        emulator.invoke({"size": 7_000_000})
    assert "the response has 7000002 bytes\n" in emulator.log


def test_a_process_that_ends_at_once_has_used_memory() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        emulator.invoke({"exit": 1})
    assert "Max Memory Used: " in emulator.log
    assert "Max Memory Used: 0 MB" not in emulator.log


def test_an_option_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="Emulator has no option 'timeot'; it has name, version"):
        Emulator("app.handler", timeot=5)  # type: ignore[call-arg]


def test_lambdas_variables_are_set_but_not_the_time_zone_of_the_developer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    with Emulator("app.environment", cwd=EMULATED_HANDLERS) as emulator:
        variables = emulator.invoke().payload
    assert variables["TZ"] == ":UTC"
    assert variables["AWS_XRAY_CONTEXT_MISSING"] == "LOG_ERROR"
    assert variables["AWS_XRAY_DAEMON_ADDRESS"] == "127.0.0.1:2000"
    with Emulator("app.environment", cwd=EMULATED_HANDLERS, env={"TZ": "Asia/Tokyo"}) as emulator:
        assert emulator.invoke().payload["TZ"] == "Asia/Tokyo"


def test_a_module_that_cannot_be_loaded_is_not_blamed_on_lambda() -> None:
    with Emulator("nowhere.handler", cwd=EMULATED_HANDLERS) as emulator:
        assert emulator.invoke().payload["errorType"] == "Runtime.ImportModuleError"
        assert "LAMBDA_WARNING" not in emulator.log


def test_the_client_of_any_runtime_can_be_the_command() -> None:
    command = (sys.executable, "-m", "awslambdaric", "app.handler")
    with Emulator(command=command, cwd=EMULATED_HANDLERS) as emulator:
        assert emulator.invoke({"keep": 1}).payload["event"] == {"keep": 1}


def test_a_stream_is_read_while_it_is_made() -> None:
    with (
        Emulator("app.stream", cwd=EMULATED_HANDLERS) as emulator,
        emulator.stream({"parts": ["a", "b", "c"]}) as stream,
    ):
        assert b"".join(stream) == b"abc"
        assert stream.end is not None
        assert stream.end.error_code is None


def test_an_http_response_has_its_prelude_apart() -> None:
    with Emulator("streams.page", cwd=EMULATED_HANDLERS) as emulator:
        result = emulator.invoke()
        assert result.prelude == {"statusCode": 201, "headers": {"x-a": "b"}}
        assert (result.payload, result.chunks, result.error) == (b"body", [b"body"], None)
        with emulator.stream() as stream:
            assert list(stream) == [b"body"]
            assert stream.prelude == result.prelude


def test_a_failure_explains_itself() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        result = emulator.invoke({"fail": "boom"})
        assert repr(result).startswith("InvokeResult(error='ValueError: boom', status=200")
        with pytest.raises(HandlerFailed, match="boom"):
            result.raise_for_error()
        with pytest.raises(KeyError, match="the function failed with ValueError: boom"):
            result.payload["total"]


def test_boto3_is_pointed_at_its_url() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        client = boto3.client(
            "lambda",
            endpoint_url=emulator.url,
            region_name="eu-west-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        answer = client.invoke(FunctionName="anything", Payload=b'{"keep": true}')
        assert b'"keep": true' in answer["Payload"].read()
        client.close()


def test_restart_replaces_the_process() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        before = emulator.invoke().payload["pid"]
        emulator.restart()
        assert emulator.invoke().payload["pid"] != before


def test_it_works_in_asyncio() -> None:
    async def scenario() -> None:
        async with Emulator("app.handler", cwd=EMULATED_HANDLERS, concurrency=2) as emulator:
            invokes = [emulator.invoke({"keep": number}) for number in range(4)]
            results = await asyncio.gather(*invokes)
            assert [result.payload["event"]["keep"] for result in results] == [0, 1, 2, 3]
        async with (
            Emulator("app.stream", cwd=EMULATED_HANDLERS) as emulator,
            emulator.stream({"parts": ["a", "b"]}) as stream,
        ):
            assert b"".join([chunk async for chunk in stream]) == b"ab"

    asyncio.run(scenario())


def test_stopping_ends_the_processes_and_is_allowed_twice() -> None:
    emulator = Emulator("app.handler", cwd=EMULATED_HANDLERS)
    emulator.start()
    pid = emulator.invoke().payload["pid"]
    emulator.stop()
    emulator.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_taken_port_is_an_error_of_start() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            Emulator("app.handler", cwd=EMULATED_HANDLERS, port=taken.getsockname()[1]).start()


def test_exactly_one_thing_to_serve_must_be_given() -> None:
    with pytest.raises(TypeError, match="one of"):
        Emulator()
    with pytest.raises(TypeError, match="one of"):
        Emulator("app.handler", functions={"a": "app.handler"})


def test_a_command_finds_its_handler_in_the_environment() -> None:
    show = "import os; print('handler', os.environ['_HANDLER'])"
    with Emulator("some.handler", command=(sys.executable, "-c", show)) as emulator:
        assert emulator.invoke().payload["errorType"] == "Runtime.ExitError"
        assert "handler some.handler" in emulator.log


def test_the_url_is_known_once_it_listens() -> None:
    with pytest.raises(RuntimeError, match="not been started"):
        _ = Emulator("app.handler").url
