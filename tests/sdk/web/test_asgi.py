"""ASGI applications of all kinds, good and bad, as handlers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from lambda_ric import asgi
from lambda_ric.testing import HandlerResult, events, fake_context, invoke
from tests.sdk.web.front_doors import FRONT_DOORS, Seen, Send

Scope = Any
Receive = Any
Answer = Callable[[Scope, Receive, Any], Any]

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/a")]}


def body(part: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": part, "more_body": more}


def call(app: Any, event: Any = None, **options: Any) -> HandlerResult:
    """Invoke an application without a lifespan."""
    handler = asgi(app, lifespan="off", **options)
    return invoke(handler, events.function_url() if event is None else event)


def answer(app: Any, stream: bool) -> tuple[int, bytes, HandlerResult]:
    """Return status and body of the answer, whichever way it came."""
    result = call(app, stream=stream)
    if stream:
        assert result.prelude is not None, result.error
        return result.prelude["statusCode"], b"".join(result.chunks), result
    seen = Seen(result.payload)
    return seen.status, seen.body, result


both_ways = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])


async def fails(scope: Scope, receive: Receive, send: Any) -> None:
    raise ValueError("no")


async def fails_after_the_start(scope: Scope, receive: Receive, send: Any) -> None:
    await send(START)
    raise ValueError("no")


async def returns_nothing(scope: Scope, receive: Receive, send: Any) -> None:
    pass


async def begins_with_the_body(scope: Scope, receive: Receive, send: Any) -> None:
    await send(body(b"x"))


async def starts_twice(scope: Scope, receive: Receive, send: Any) -> None:
    await send(START)
    await send(START)


async def gives_text(scope: Scope, receive: Receive, send: Any) -> None:
    await send({**START, "headers": [("content-type", "text/plain")]})


async def splits_a_header(scope: Scope, receive: Receive, send: Any) -> None:
    await send({**START, "headers": [(b"x-a", b"1\r\nset-cookie: b=2")]})


async def gives_no_status(scope: Scope, receive: Receive, send: Any) -> None:
    await send({**START, "status": 7})


BAD: dict[Answer, str] = {
    fails: "ValueError: no",
    fails_after_the_start: "ValueError: no",
    returns_nothing: "ASGI callable returned without starting response.",
    begins_with_the_body: "Expected ASGI message 'http.response.start'",
    starts_twice: "Expected ASGI message 'http.response.body'",
    gives_text: "AttributeError",
    splits_a_header: "a control character in the header fields",
    gives_no_status: "a status cannot be 7",
}


@both_ways
@pytest.mark.parametrize("app", BAD, ids=lambda app: app.__name__)
def test_a_failing_application_is_a_500_and_a_log_entry(app: Answer, stream: bool) -> None:
    status, content, result = answer(app, stream)
    assert (status, content, result.error) == (500, b"Internal Server Error", None)
    assert BAD[app] in result.logs


async def stops_half_way(scope: Scope, receive: Receive, send: Any) -> None:
    await send(START)
    await send(body(b"half", more=True))


async def fails_half_way(scope: Scope, receive: Receive, send: Any) -> None:
    await stops_half_way(scope, receive, send)
    raise ValueError("half-way")


@pytest.mark.parametrize("app", [stops_half_way, fails_half_way])
def test_a_streamed_answer_that_has_begun_breaks_off(app: Answer) -> None:
    result = call(app, stream=True)
    assert result.chunks == [b"half"]
    assert result.error is not None
    assert result.error["errorType"] in ("ValueError", "RuntimeError")
    assert result.error["errorMessage"] in result.logs


@pytest.mark.parametrize("app", [stops_half_way, fails_half_way])
def test_a_whole_answer_that_is_not_complete_is_a_500(app: Answer) -> None:
    assert answer(app, False)[:2] == (500, b"Internal Server Error")


@both_ways
def test_what_goes_wrong_after_the_answer_is_logged_alone(stream: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        await send(START)
        await send(body(b"fine"))
        await send(body(b"again"))

    status, content, result = answer(app, stream)
    assert (status, content, result.error) == (200, b"fine", None)
    assert "sent, after response already completed" in result.logs


@both_ways
def test_what_an_application_returns_is_dropped_and_logged(stream: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> str:
        await send(START)
        await send(body(b"fine"))
        return "a response of another framework"

    status, content, result = answer(app, stream)
    assert (status, content, result.error) == (200, b"fine", None)
    assert "should return None, but returned 'a response of another framework'" in result.logs


@both_ways
def test_work_after_the_answer_is_done_before_the_invocation_ends(stream: bool) -> None:
    done = []

    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        await send(START)
        await send(body(b"fine"))
        assert (await receive())["type"] == "http.request"
        assert (await receive())["type"] == "http.disconnect"
        await asyncio.sleep(0.01)
        done.append(await asyncio.create_task(asyncio.sleep(0.01, "done")))

    assert answer(app, stream)[:2] == (200, b"fine")
    assert done == ["done"]


@both_ways
def test_an_answer_to_head_has_no_body(stream: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        await send({**START, "headers": [(b"content-length", b"4")]})
        await send(body(b"body"))

    result = call(app, events.function_url("HEAD"), stream=stream)
    if stream:
        assert result.prelude == {"statusCode": 200, "headers": {"content-length": "4"}}
        assert result.chunks == []
    else:
        assert result.payload["headers"] == {"content-length": "4"}
        assert result.payload["body"] == ""


def test_pieces_are_streamed_behind_a_prelude_with_cookies() -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        cookies = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
        await send({**START, "status": 201, "headers": [*cookies, (b"x-a", b"1"), (b"x-a", b"2")]})
        for part in (b"", b"a", b"\xff", b""):
            await send(body(part, more=True))
        await send(body(b""))

    result = call(app, stream=True)
    assert result.prelude == {
        "statusCode": 201,
        "headers": {"x-a": "1,2"},
        "cookies": ["a=1", "b=2"],
    }
    assert result.chunks == [b"a", b"\xff"]


def test_only_what_can_take_a_stream_gets_one() -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        await send(START)
        await send(body(b"x"))

    streamed = [
        send.__name__ for send in FRONT_DOORS if call(app, send("GET", "/"), stream=True).prelude
    ]
    assert streamed == ["function_url", "rest_api"]


@pytest.mark.parametrize(
    ("environment", "streamed"),
    [
        ({}, False),
        ({"LAMBDA_RIC_STREAM": "1"}, True),
        ({"LAMBDA_RIC_STREAM": "0", "AWS_LWA_INVOKE_MODE": "response_stream"}, False),
        ({"AWS_LWA_INVOKE_MODE": "RESPONSE_STREAM"}, True),
        ({"AWS_LWA_INVOKE_MODE": "buffered"}, False),
    ],
)
def test_the_environment_says_whether_answers_are_streamed(
    environment: dict[str, str], streamed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert (call(fails).prelude is not None) is streamed


@pytest.mark.parametrize("parts", [1, 700])
def test_an_answer_over_the_limit_names_it(parts: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        await send(START)
        for _ in range(parts - 1):
            await send(body(b"x" * 10_000, more=True))
        await send(body(b"x" * 7_000_000))

    error = call(app).error
    assert error is not None
    assert error["errorType"] == "Function.ResponseSizeTooLarge"
    assert "6 MB (6291556 bytes) of an answer that is not streamed" in error["errorMessage"]
    assert len(b"".join(call(app, stream=True).chunks)) > 6_291_556


def test_an_answer_without_end_ends_at_the_limit() -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        await send(START)
        while True:
            await send(body(b"x" * 100_000, more=True))

    error = call(app).error
    assert error is not None
    assert error["errorType"] == "Function.ResponseSizeTooLarge"


def test_the_deadline_cancels_the_application() -> None:
    ended = []

    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    for stream in (False, True):
        handler = asgi(app, lifespan="off", stream=stream)
        result = invoke(handler, events.function_url(), fake_context(timeout=0.3))
        assert result.error is not None
        assert result.error["errorType"] == "Function.DeadlineExceeded"
    assert ended == [True, True]


async def records(scope: Scope, receive: Receive, send: Any) -> None:
    event = json.loads((await receive())["body"])
    if scope["path"] != "/events" or "Records" not in event:
        await send({**START, "status": 404})
        await send(body(b"not here"))
        return
    failures = [{"itemIdentifier": record["messageId"]} for record in event["Records"]]
    await send({**START, "headers": [(b"content-type", b"application/json")]})
    await send(body(json.dumps({"batchItemFailures": failures}).encode()))


def test_another_event_is_posted_and_the_body_of_the_answer_is_its_result() -> None:
    event = events.sqs("hello")
    expected = [{"itemIdentifier": event["Records"][0]["messageId"]}]
    assert call(records, event, stream=True).payload == {"batchItemFailures": expected}


def test_an_empty_answer_to_another_event_is_no_result() -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        await send({**START, "status": 204})
        await send(body(b""))

    result = call(app, events.sqs("hello"))
    assert (result.payload, result.error) == (None, None)


def test_another_event_that_is_not_taken_is_an_error() -> None:
    for event, path in ((events.sqs("hello"), "/nowhere"), ({"a": 1}, "/events")):
        error = call(records, event, events_path=path).error
        assert error is not None
        assert (
            f"it was sent to POST {path}; the application answered 404: not here"
            in (error["errorMessage"])
        )


def test_other_events_can_be_refused() -> None:
    error = call(records, events.sqs("hello"), events_path="").error
    assert error is not None
    assert error["errorMessage"] == (
        "the event is not an HTTP request, and no events_path is given to post it to"
    )


def test_the_path_of_other_events_can_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_LWA_PASS_THROUGH_PATH", "queue")
    error = call(records, events.sqs("hello")).error
    assert error is not None
    assert "POST /queue" in error["errorMessage"]


def living(seen: list[str], failure: str = "") -> Answer:
    """An application with a lifespan, which answers with its state."""

    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        if scope["type"] == "lifespan":
            message = await receive()
            seen.append(message["type"])
            if failure:
                await send({"type": "lifespan.startup.failed", "message": failure})
                return
            scope["state"]["shared"] = []
            await send({"type": "lifespan.startup.complete"})
            await receive()
        else:
            scope["state"]["shared"].append(1)
            scope["state"]["own"] = scope["state"].get("own", 0) + 1
            await send(START)
            await send(body(json.dumps([scope["state"]["shared"], scope["state"]["own"]]).encode()))

    return app


def test_the_lifespan_starts_once_and_its_state_is_copied_for_each_request() -> None:
    seen: list[str] = []
    handler = asgi(living(seen))
    results = [invoke(handler, events.function_url()) for _ in range(3)]
    assert [json.loads(result.payload["body"]) for result in results] == [
        [[1], 1],
        [[1, 1], 1],
        [[1, 1, 1], 1],
    ]
    assert seen == ["lifespan.startup"]
    assert "".join(result.logs for result in results) == ""


def test_an_application_that_cannot_start_says_why() -> None:
    handler = asgi(living([], "no database"))
    for _ in range(2):
        error = invoke(handler, events.function_url()).error
        assert error is not None
        assert error["errorType"] == "LifespanError"
        assert error["errorMessage"] == "the application failed to start: no database"


async def knows_http_alone(scope: Scope, receive: Receive, send: Any) -> None:
    assert scope["type"] == "http"
    await send(START)
    await send(body(b"fine"))


def test_an_application_without_a_lifespan_is_served_unless_it_must_have_one() -> None:
    assert invoke(asgi(knows_http_alone), events.function_url()).payload["statusCode"] == 200
    error = invoke(asgi(knows_http_alone, lifespan="on"), events.function_url()).error
    assert error is not None
    assert error["errorMessage"] == "the application has no lifespan"


def test_another_mode_of_the_lifespan_is_refused() -> None:
    with pytest.raises(ValueError, match="lifespan is one of auto, on, off, not 'sometimes'"):
        asgi(knows_http_alone, lifespan="sometimes")  # type: ignore[arg-type]


def test_half_a_surrogate_pair_in_a_header_reaches_the_application() -> None:
    scopes: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        scopes.append(scope)
        await knows_http_alone(scope, receive, send)

    assert call(app, events.function_url(headers={"x-half": "\ud800"})).error is None
    assert (b"x-half", b"\xed\xa0\x80") in scopes[0]["headers"]


@pytest.mark.parametrize("send", FRONT_DOORS, ids=lambda send: send.__name__)
def test_the_scope_is_what_the_specification_asks_for(send: Send) -> None:
    scopes: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        scopes.append(scope)
        await knows_http_alone(scope, receive, send)

    call(app, send("GET", "/gr%C3%B6%C3%9Fe", query="a=%20"))
    (scope,) = scopes
    assert scope["asgi"] == {"version": "3.0", "spec_version": "2.3"}
    assert (scope["http_version"], scope["method"], scope["scheme"]) == ("1.1", "GET", "https")
    assert scope["path"] == scope["root_path"] + "/größe"
    assert scope["raw_path"].endswith(b"/gr%C3%B6%C3%9Fe")
    assert scope["query_string"] in (b"a=%20", b"a=+")
    assert all(type(n) is bytes and type(v) is bytes and n.islower() for n, v in scope["headers"])
    assert scope["client"] == ("203.0.113.7", 0)
    assert scope["aws.context"].aws_request_id


@pytest.mark.parametrize("begun", [False, True])
def test_a_streaming_application_that_cancels_itself_ends(begun: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        if begun:
            await stops_half_way(scope, receive, send)
        raise asyncio.CancelledError

    result = call(app, stream=True)
    if begun:
        assert result.error is not None
        assert result.error["errorType"] == "CancelledError"
    else:
        assert result.prelude == {
            "statusCode": 500,
            "headers": {"content-type": "text/plain; charset=utf-8"},
        }


def test_an_application_that_cancels_its_sender_at_the_end_is_streamed_whole() -> None:
    """Starlette's StreamingResponse does that when it receives `http.disconnect`."""

    async def app(scope: Scope, receive: Receive, send: Any) -> None:
        async def send_all() -> None:
            await send(START)
            for part in (b"a", b"b", b"c"):
                await send(body(part, more=True))
            await send(body(b""))

        sender = asyncio.create_task(send_all())
        while (await receive())["type"] != "http.disconnect":
            pass
        sender.cancel()
        await asyncio.wait({sender})

    assert call(app, stream=True).chunks == [b"a", b"b", b"c"]
