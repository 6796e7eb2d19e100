from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.wire.runtime_api import INIT_ERROR, RESTORE_ERROR, Invocation, Requests
from lambda_ric.wire.writers import encode_response
from tests.wire.reading import Message, read, read_with_h11, whole

TEXTS = st.text(
    st.characters(codec="utf-8", min_codepoint=0x21, exclude_characters="\x7f"), min_size=1
)
OPTIONAL = st.none() | TEXTS.filter(lambda text: not text.isspace())
INVOCATIONS = st.builds(
    Invocation,
    request_id=st.uuids().map(str),
    payload=st.binary(max_size=100),
    deadline_ms=st.integers(0, 1 << 62),
    function_arn=st.just("") | TEXTS,
    trace_id=OPTIONAL,
    client_context=OPTIONAL,
    cognito_identity=OPTIONAL,
    tenant_id=OPTIONAL,
    invocation_id=OPTIONAL,
    content_type=st.sampled_from(["application/json", "text/plain; charset=utf-8"]),
)
INVOCATION = Invocation("8476a536", b"{}", deadline_ms=5, invocation_id="attempt-2")
REQUESTS = Requests("127.0.0.1:9001", "", "lambda-ric/1")


def values(invocation: Invocation) -> dict[str, object]:
    return {name: getattr(invocation, name) for name in Invocation.__slots__}


def sent(head: bytes, body: bytes = b"") -> Message:
    """Read a request with both readers and return what it means."""
    (ours,) = read("request", whole(head + body)).complete
    (theirs,) = read_with_h11("request", head + body).complete
    assert ours == theirs
    return ours


@given(INVOCATIONS)
def test_an_invocation_is_read_as_it_was_written(invocation: Invocation) -> None:
    size = ("Content-Length", str(len(invocation.payload)))
    wire = encode_response(200, [*invocation.to_fields(), size]) + invocation.payload
    (message,) = read("response", whole(wire)).complete
    found = Invocation.from_fields(message.fields, bytes(message.body))
    assert values(found) == values(invocation)


def test_an_empty_header_is_an_absent_one() -> None:
    names = [name.lower().encode() for name, _ in full_invocation().to_fields()]
    fields = [(name, b"") for name in names] + [(b"lambda-runtime-aws-request-id", b"1")]
    assert values(Invocation.from_fields(fields, b"")) == values(Invocation("1", b""))


def test_an_absent_content_type_is_json() -> None:
    invocation = Invocation.from_fields([(b"lambda-runtime-aws-request-id", b"1")], b"{}")
    assert invocation.content_type == "application/json"
    assert invocation.deadline_ms == 0
    assert invocation.function_arn == ""
    assert invocation.trace_id is None


def test_absent_values_are_not_written() -> None:
    assert Invocation("1", b"").to_fields() == [
        ("Content-Type", "application/json"),
        ("Lambda-Runtime-Aws-Request-Id", "1"),
    ]


def test_bytes_that_are_not_utf8_do_not_stop_an_invocation() -> None:
    fields = [(b"lambda-runtime-aws-request-id", b"1"), (b"lambda-runtime-trace-id", b"\xff")]
    assert Invocation.from_fields(fields, b"").trace_id == "\ufffd"


def test_an_answer_without_a_request_id_is_not_an_invocation() -> None:
    with pytest.raises(ValueError, match="Lambda-Runtime-Aws-Request-Id"):
        Invocation.from_fields([(b"lambda-runtime-deadline-ms", b"5")], b"")


def test_a_deadline_is_a_number() -> None:
    fields = [(b"lambda-runtime-aws-request-id", b"1"), (b"lambda-runtime-deadline-ms", b"soon")]
    with pytest.raises(ValueError, match="soon"):
        Invocation.from_fields(fields, b"")


def full_invocation() -> Invocation:
    return Invocation(
        "1",
        b"{}",
        deadline_ms=1,
        function_arn="arn",
        trace_id="Root=1",
        client_context="{}",
        cognito_identity="{}",
        tenant_id="t",
        invocation_id="i",
    )


def test_the_request_for_the_next_invocation() -> None:
    message = sent(REQUESTS.next_invocation)
    assert message.start == (b"GET", b"/2018-06-01/runtime/invocation/next")
    assert message.fields == [(b"host", b"127.0.0.1:9001"), (b"user-agent", b"lambda-ric/1")]
    assert message.keep_alive


def test_the_request_to_be_restored() -> None:
    assert sent(REQUESTS.restore_next).start == (b"GET", b"/2018-06-01/runtime/restore/next")


def test_a_result_is_posted_for_its_invocation_and_attempt() -> None:
    message = sent(REQUESTS.response(INVOCATION, "application/json", 4), b"null")
    assert message.start == (b"POST", b"/2018-06-01/runtime/invocation/8476a536/response")
    assert message.fields[2:] == [
        (b"lambda-runtime-invocation-id", b"attempt-2"),
        (b"content-type", b"application/json"),
        (b"content-length", b"4"),
    ]
    assert message.body == b"null"


def test_a_request_id_stays_one_segment_of_the_path() -> None:
    invocation = Invocation("a b/../x?y#z%\u00fc", b"")
    head = REQUESTS.response(invocation, "application/json", 2)
    assert head.startswith(
        b"POST /2018-06-01/runtime/invocation/a%20b%2F..%2Fx%3Fy%23z%25%C3%BC/response HTTP/1.1\r\n"
    )


def test_without_an_attempt_there_is_no_header_for_it() -> None:
    message = sent(REQUESTS.response(Invocation("1", b""), "application/json", 0))
    assert b"lambda-runtime-invocation-id" not in dict(message.fields)


def test_an_error_carries_its_xray_cause() -> None:
    message = sent(REQUESTS.error(INVOCATION, '{"paths": []}', 2), b"{}")
    assert message.start == (b"POST", b"/2018-06-01/runtime/invocation/8476a536/error")
    assert dict(message.fields)[b"lambda-runtime-function-xray-error-cause"] == b'{"paths": []}'
    assert message.body == b"{}"


def test_a_stream_declares_its_trailers() -> None:
    head = REQUESTS.stream(INVOCATION, "text/event-stream")
    message = sent(head, b"2\r\nhi\r\n0\r\nLambda-Runtime-Function-Error-Type: E\r\n\r\n")
    assert message.start == (b"POST", b"/2018-06-01/runtime/invocation/8476a536/response")
    assert dict(message.fields)[b"lambda-runtime-function-response-mode"] == b"streaming"
    assert [value for name, value in message.fields if name == b"trailer"] == [
        b"Lambda-Runtime-Function-Error-Type",
        b"Lambda-Runtime-Function-Error-Body",
    ]
    assert message.body == b"hi"
    assert message.trailers == [(b"lambda-runtime-function-error-type", b"E")]


@pytest.mark.parametrize("content_type", ["text/plain\r\nEvil: 1", "a\nb", "a\0", "a\x7f"])
def test_a_stream_of_a_type_with_a_control_character_is_refused(content_type: str) -> None:
    with pytest.raises(ValueError, match="content type"):
        REQUESTS.stream(INVOCATION, content_type)


@pytest.mark.parametrize("path", [INIT_ERROR, RESTORE_ERROR])
def test_a_failure_outside_an_invocation_names_its_type(path: str) -> None:
    message = sent(REQUESTS.failure(path, "Runtime.ImportModuleError", 2), b"{}")
    assert message.start == (b"POST", path.encode())
    fields = dict(message.fields)
    assert fields[b"lambda-runtime-function-error-type"] == b"Runtime.ImportModuleError"
    assert message.body == b"{}"


def test_a_prefix_of_the_path_in_the_url_is_kept() -> None:
    requests = Requests("proxy:80", "/behind/proxy", "agent")
    for head in (
        requests.next_invocation,
        requests.restore_next,
        requests.response(INVOCATION, "application/json", 0),
        requests.error(INVOCATION, "", 0),
        requests.failure(INIT_ERROR, "E", 0),
    ):
        target = sent(head).start[1]
        assert isinstance(target, bytes)
        assert target.startswith(b"/behind/proxy/2018-06-01/runtime/")
