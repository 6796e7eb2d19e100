"""One connection that is kept, closed and made again; addresses; answers in every framing."""

from __future__ import annotations

import sys

import pytest

from lambda_ric.testing import Answer, Delivery, Event, RuntimeApi
from lambda_ric.testing.script import request_id
from tests.support.runtime import running_runtime

CLOSE = Delivery(close=True)


def test_keeps_one_connection() -> None:
    with RuntimeApi([Event(n) for n in range(20)]) as api, running_runtime(api, "app.handler"):
        api.wait_until_idle()
        assert [post.json() for post in api.posts] == list(range(20))
        assert api.connections == 1


def test_acceptances_may_differ_from_each_other() -> None:
    usual, other = Answer.of(202), Answer(202, [("X-Other", "yes")], b"thanks")
    closing = Answer(202, [*usual.fields, ("Connection", "close")], usual.body, delivery=CLOSE)
    posts = [usual, usual, other, usual, closing, usual, Answer.of(413), usual]
    with RuntimeApi([Event(n) for n in range(8)], posts=posts) as api:
        with running_runtime(api, "app.handler"):
            api.wait_until_idle()
        assert [post.json() for post in api.posts] == list(range(8))
        assert api.connections == 2


def test_next_reconnects_after_an_idle_close() -> None:
    script = [Event(n) for n in range(3)]
    with RuntimeApi(script, posts=[Answer(202, delivery=CLOSE)] * 3) as api:
        with running_runtime(api, "app.handler"):
            api.wait_until_idle()
        assert [post.json() for post in api.posts] == [0, 1, 2]
        assert [request.connection for request in api.requests] == [1, 1, 2, 2, 3, 3, 4]


def test_a_result_reconnects_after_an_idle_close() -> None:
    script = [Event(n, delivery=CLOSE) for n in range(3)]
    with RuntimeApi(script) as api, running_runtime(api, "app.handler"):
        api.wait_until_idle()
        assert [post.json() for post in api.posts] == [0, 1, 2]


def test_a_poll_is_repeated_when_its_connection_is_dropped() -> None:
    with RuntimeApi([Event(1)]) as api, running_runtime(api, "app.handler"):
        api.wait_until_idle()
        api.drop_connections()
        api.wait_for(lambda: api.connections == 2)
        api.feed(Event(2))
        assert api.wait_for_posts(2)[1].json() == 2


def test_a_connection_for_each_request_when_the_runtime_api_wants_it_so() -> None:
    with (
        RuntimeApi([Event(1), Event(2)], keep_alive=False) as api,
        running_runtime(api, "app.handler"),
    ):
        api.wait_until_idle()
        assert [request.connection for request in api.requests] == [1, 2, 3, 4, 5]
        assert [post.json() for post in api.posts] == [1, 2]


@pytest.mark.parametrize("pattern", ["{}", "http://{}", "http://{}/", "{}/a/b", "http://{}/a/b/"])
def test_the_address_may_be_a_url_with_a_path(pattern: str) -> None:
    with RuntimeApi([Event(1)]) as api:
        address = pattern.format(api.address)
        with running_runtime(api, "app.handler", AWS_LAMBDA_RUNTIME_API=address):
            (posted,) = api.wait_for_posts(1)
        path = "/a/b" if "a/b" in pattern else ""
        assert api.requests[0].target == f"{path}/2018-06-01/runtime/invocation/next"
        assert posted.target.startswith(f"{path}/2018-06-01/runtime/invocation/0000")
        assert posted.header("host") == api.address


@pytest.mark.measured
def test_polls_again_after_204() -> None:
    with RuntimeApi([Answer.of(204)] * 3 + [Event(1)]) as api, running_runtime(api, "app.handler"):
        assert api.wait_for_posts(1)[0].json() == 1
        assert [request.method for request in api.requests[:5]] == [*["GET"] * 4, "POST"]


def framed(body: bytes, field: str) -> Answer:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        f"Lambda-Runtime-Aws-Request-Id: {request_id(1)}\r\n{field}\r\n"
    )
    return Answer(raw=head.encode() + body, delivery=CLOSE)


@pytest.mark.measured
@pytest.mark.parametrize(
    "answer",
    [
        framed(
            b'2\r\n{"\r\n5;x=y\r\na": 1\r\n1\r\n}\r\n0\r\n\r\n', "Transfer-Encoding: chunked\r\n"
        ),
        framed(b'{"a": 1}', ""),
        framed(b'{"a": 1}', "Connection: close\r\nContent-Length: 8\r\n"),
        Answer(raw=b"HTTP/1.1 100 Continue\r\n\r\n" + Event({"a": 1}).answer(1).encode()),
        Answer(raw=Event({"a": 1}).answer(1).encode().replace(b"Lambda", b"lAMBDA")),
        Answer(raw=Event({"a": 1}).answer(1).encode().replace(b"HTTP/1.1 200 OK", b"HTTP/1.0 200")),
    ],
    ids=["chunks", "until close", "close", "continue", "other case", "1.0"],
)
def test_reads_answers_in_every_framing(answer: Answer) -> None:
    with RuntimeApi([answer]) as api, running_runtime(api, "app.handler"):
        (posted,) = api.wait_for_posts(1)
    assert posted.json() == {"a": 1}
    assert posted.target.endswith(f"/{request_id(1)}/response")


def test_takes_6_mb_in_and_gives_6_mb_out() -> None:
    payload = b'"' + b"x" * (6 * 1_048_576 - 2) + b'"'
    with RuntimeApi([Event(payload), Event(1)]) as api, running_runtime(api, "app.handler"):
        large, small = api.wait_for_posts(2)
        assert large.body == payload
        assert small.json() == 1
        assert api.connections == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads its memory from /proc")
def test_4_000_invokes_leak_nothing() -> None:
    measure = Event("measure")
    warm, more = [Event({"n": n}) for n in range(1000)], [Event({"n": n}) for n in range(3000)]
    with (
        RuntimeApi([*warm, measure, *more, measure]) as api,
        running_runtime(api, "memory.handler"),
    ):
        api.wait_until_idle(timeout=300)
        posts = api.posts
    assert len(posts) == 4_002
    grown = posts[-1].json() - posts[1000].json()
    assert grown < 348_000  # 116 bytes each
