from __future__ import annotations

import http.client
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lambda_ric.testing import Answer, Delivery, Event, RuntimeApi
from lambda_ric.wire import runtime_api

NEXT = runtime_api.NEXT_INVOCATION
EVENT_NEXT = "/2020-01-01/extension/event/next"
FIRST_RESPONSE = "/2018-06-01/runtime/invocation/00000000-0000-4000-8000-000000000001/response"


def connect(api: RuntimeApi) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(api.address, timeout=30)


def get(
    connection: http.client.HTTPConnection, target: str = NEXT, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", target, headers=fields)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def post(
    connection: http.client.HTTPConnection, target: str, body: bytes = b"{}", **more: Any
) -> tuple[int, bytes]:
    connection.request("POST", target, body, **more)
    answer = connection.getresponse()
    return answer.status, answer.read()


def open_socket(api: RuntimeApi) -> socket.socket:
    host, port = api.address.split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def post_head(field: str) -> bytes:
    return f"POST {FIRST_RESPONSE} HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n".encode()


def raw_exchange(api: RuntimeApi, sent: bytes) -> bytes:
    """Send bytes and return all that comes back until the other side closes."""
    with open_socket(api) as peer:
        peer.sendall(sent)
        received = []
        while part := peer.recv(65536):
            received.append(part)
    return b"".join(received)


def raw_next(api: RuntimeApi) -> bytes:
    return raw_exchange(api, f"GET {NEXT} HTTP/1.1\r\nHost: {api.address}\r\n\r\n".encode())


def test_hands_out_events_in_order_with_the_headers_of_lambda() -> None:
    with RuntimeApi([Event({"a": "ä"}), Event(b"\xff\x00")]) as api:
        connection = connect(api)
        status, headers, body = get(connection)
        assert (status, body) == (200, '{"a": "ä"}'.encode())
        assert headers["Content-Type"] == "application/json"
        assert headers["Lambda-Runtime-Aws-Request-Id"] == "00000000-0000-4000-8000-000000000001"
        assert 50_000 < int(headers["Lambda-Runtime-Deadline-Ms"]) - time.time() * 1000 <= 60_000
        assert headers["Lambda-Runtime-Invoked-Function-Arn"].startswith("arn:aws:lambda:")
        assert "Lambda-Runtime-Trace-Id" not in headers
        status, headers, body = get(connection)
        assert body == b"\xff\x00"
        assert headers["Lambda-Runtime-Aws-Request-Id"].endswith("2")
        connection.close()


def test_headers_of_an_event_can_be_changed_emptied_and_left_out() -> None:
    changes = {"Content-Type": None, "Lambda-Runtime-Trace-Id": "", "X-More": "1"}
    with RuntimeApi([Event(headers=changes)]) as api:
        connection = connect(api)
        _, headers, _ = get(connection)
        connection.close()
    assert "Content-Type" not in headers
    assert headers["Lambda-Runtime-Trace-Id"] == ""
    assert headers["X-More"] == "1"


def test_records_requests_byte_for_byte_in_order_of_arrival() -> None:
    with RuntimeApi([Event()]) as api:
        connection = connect(api)
        get(connection, User_Agent="me/1")
        post(connection, FIRST_RESPONSE, b'{"r": 1}', headers={"X-oDD": " spaced "})
        asked, posted = api.requests
        assert api.posts == [posted]
        connection.close()
    assert (asked.method, asked.target, asked.header("user-agent")) == ("GET", NEXT, "me/1")
    assert (posted.method, posted.target, posted.json()) == ("POST", FIRST_RESPONSE, {"r": 1})
    assert (b"X-oDD", b"spaced") in posted.fields
    assert posted.head.startswith(f"POST {FIRST_RESPONSE} HTTP/1.1\r\nHost: ".encode())
    assert b"\r\nX-oDD:  spaced " in posted.head
    assert asked.arrived <= posted.arrived
    assert asked.connection == posted.connection == 1


def test_a_request_is_seen_while_its_body_still_arrives_and_its_trailers_are_kept() -> None:
    with RuntimeApi() as api, open_socket(api) as peer:
        head = f"POST {FIRST_RESPONSE} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        peer.sendall(head.encode() + b"3\r\nabc\r\n")
        api.wait_for(lambda: api.requests and api.requests[0].body == b"abc")
        assert api.posts == []
        assert not api.requests[0].complete
        peer.sendall(b"1\r\nd\r\n0\r\nX-Why: because\r\n\r\n")
        (posted,) = api.wait_for_posts(1)
    assert posted.body == b"abcd"
    assert posted.trailer("x-why") == "because"
    assert posted.parts[0][0] <= posted.parts[-1][0]


def test_posts_are_answered_as_scripted_and_then_accepted() -> None:
    odd = Answer(299, [("X-A", "b")], b"odd")
    with RuntimeApi(posts=[413, odd, 400, 403, 410, 500]) as api:
        connection = connect(api)
        answers = [post(connection, FIRST_RESPONSE) for _ in range(7)]
        connection.close()
    assert [status for status, _ in answers] == [413, 299, 400, 403, 410, 500, 202]
    assert answers[0][1] == (
        b'{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).",'
        b'"errorType":"RequestEntityTooLarge"}\n'
    )
    assert answers[1][1] == b"odd"
    assert answers[6][1] == b'{"status":"OK"}\n'


def test_next_answers_other_statuses_and_bytes_that_are_not_http() -> None:
    with RuntimeApi([Answer.of(204), Answer.of(500), Answer(raw=b"nonsense\r\n")]) as api:
        connection = connect(api)
        assert get(connection)[0] == 204
        assert get(connection)[0] == 500
        with pytest.raises(http.client.BadStatusLine):
            get(connection)
        connection.close()


def test_an_answer_can_be_cut_off() -> None:
    with RuntimeApi([Event({"a": 1}, delivery=Delivery(cut=20))]) as api:
        assert raw_next(api) == b"HTTP/1.1 200 OK\r\nCon"


def test_an_answer_can_drip_and_be_late() -> None:
    with RuntimeApi([Answer(body=b"x" * 20, delivery=Delivery(delay=0.2, drip=0.001))]) as api:
        begun = time.monotonic()
        connection = connect(api)
        assert get(connection)[2] == b"x" * 20
        assert time.monotonic() - begun > 0.2 + 0.02
        connection.close()


def test_a_connection_can_be_closed_after_one_answer_without_a_word() -> None:
    with RuntimeApi([Event(delivery=Delivery(close=True)), Event()]) as api:
        assert b"Connection" not in raw_next(api)
        connection = connect(api)
        get(connection)
        connection.close()
        assert [request.connection for request in api.requests] == [1, 2]
        assert api.connections == 2


def test_without_keep_alive_each_connection_is_closed_announced() -> None:
    with RuntimeApi([Event(), Event()], keep_alive=False) as api:
        assert b"\r\nConnection: close\r\n" in raw_next(api)
        assert b"\r\nConnection: close\r\n" in raw_next(api)


def test_idle_connections_can_be_dropped() -> None:
    with RuntimeApi([Event(), Event()]) as api:
        connection = connect(api)
        get(connection)
        api.drop_connections()
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            get(connection)
        connection.close()
        get(connection)
        assert api.connections == 2
        connection.close()


def test_an_event_is_not_given_to_a_connection_that_is_gone() -> None:
    with RuntimeApi() as api:
        with open_socket(api) as gone:
            gone.sendall(f"GET {NEXT} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            api.wait_until_idle()
        api.feed(Event("kept"))
        connection = connect(api)
        assert get(connection)[2] == b'"kept"'
        connection.close()


def test_an_event_is_not_given_to_a_connection_that_was_dropped() -> None:
    with RuntimeApi() as api, ThreadPoolExecutor() as pool:
        connection = connect(api)
        answer = pool.submit(get, connection)
        api.wait_until_idle()
        api.drop_connections()
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            answer.result()
        assert not api.idle
        api.feed(Event("kept"))
        connection.close()
        assert get(connection)[2] == b'"kept"'
        connection.close()


def test_next_waits_at_the_end_of_the_script_until_it_is_fed() -> None:
    with RuntimeApi() as api, ThreadPoolExecutor() as pool:
        connection = connect(api)
        answer = pool.submit(get, connection)
        api.wait_until_idle()
        assert not answer.done()
        api.feed(Event("late"))
        assert answer.result()[2] == b'"late"'
        connection.close()


def test_the_end_of_the_script_can_be_an_answer() -> None:
    with RuntimeApi([Event()], end=Answer.of(410)) as api:
        connection = connect(api)
        assert [get(connection)[0] for _ in range(3)] == [200, 410, 410]
        connection.close()


def test_many_connections_share_one_script() -> None:
    with RuntimeApi([Event(number) for number in range(20)]) as api, ThreadPoolExecutor() as pool:
        gate = threading.Barrier(4)

        def worker() -> list[bytes]:
            connection = connect(api)
            gate.wait(30)
            bodies = [get(connection)[2] for _ in range(5)]
            connection.close()
            return bodies

        tasks = [pool.submit(worker) for _ in range(4)]
        bodies = [body for task in tasks for body in task.result()]
    assert sorted(map(int, bodies)) == list(range(20))
    assert api.connections == 4


def test_restore_waits_until_it_is_released() -> None:
    with RuntimeApi(hold_restore=True) as api, ThreadPoolExecutor() as pool:
        connection = connect(api)
        answer = pool.submit(get, connection, runtime_api.RESTORE_NEXT)
        api.wait_for(lambda: api.requests and api.requests[0].complete)
        assert not answer.done()
        api.restore()
        assert answer.result()[0] == 200
        assert post(connection, runtime_api.RESTORE_ERROR)[0] == 202
        connection.close()


def test_extensions_register_and_receive_events() -> None:
    with RuntimeApi() as api, ThreadPoolExecutor() as pool:
        connection = connect(api)
        connection.request("POST", "/2020-01-01/extension/register", b'{"events":[]}')
        answer = connection.getresponse()
        identifier = answer.headers["Lambda-Extension-Identifier"]
        assert answer.status == 200
        assert b'"functionName":"function"' in answer.read()
        wait = pool.submit(
            get,
            connection,
            EVENT_NEXT,
            Lambda_Extension_Identifier=identifier,
        )
        api.wait_for(lambda: len(api.requests) == 2 and api.requests[1].complete)
        api.send_to_extensions(Answer(body=b'{"eventType":"SHUTDOWN"}'))
        assert wait.result()[2] == b'{"eventType":"SHUTDOWN"}'
        assert get(connection, EVENT_NEXT)[0] == 403
        assert api.posts == []
        connection.close()


def test_an_unknown_path_is_not_found_and_a_prefix_is_allowed() -> None:
    with RuntimeApi([Event()]) as api:
        connection = connect(api)
        assert get(connection, "/2018-06-01/runtime/other")[0] == 404
        assert get(connection, "/prefix" + NEXT)[0] == 200
        connection.close()


@pytest.mark.parametrize("sent", [b"GET /x HTTP/1.1\r\n\r\n", b"hello\n\n"])
def test_requests_that_are_not_http_are_refused_and_recorded(sent: bytes) -> None:
    with RuntimeApi() as api:
        assert raw_exchange(api, sent).startswith(b"HTTP/1.1 400 ")
        assert len(api.violations) == 1
        assert api.requests == []


def test_a_post_that_breaks_off_is_recorded() -> None:
    with RuntimeApi() as api:
        with open_socket(api) as peer:
            peer.sendall(post_head("Content-Length: 9") + b"abc")
        api.wait_for(lambda: api.violations)
        assert api.violations == [
            "connection 1: the peer closed the connection in the middle of a body"
        ]
        assert api.posts == []


def test_a_timeout_lists_the_requests_that_have_arrived() -> None:
    with RuntimeApi() as api:
        connection = connect(api)
        post(connection, FIRST_RESPONSE, b"mine")
        with pytest.raises(TimeoutError, match=r"(?s)timed out.*POST /2018-06-01.*b'mine'"):
            api.wait_for_posts(2, timeout=0.01)
        connection.close()


def test_closing_cuts_off_waiting_clients() -> None:
    with RuntimeApi() as api, ThreadPoolExecutor() as pool:
        connection = connect(api)
        answer = pool.submit(get, connection)
        waiting = pool.submit(api.wait_for_posts, 1)
        api.wait_until_idle()
        api.close()
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            answer.result()
        with pytest.raises(TimeoutError):
            waiting.result()
        connection.close()
    with pytest.raises(RuntimeError, match="inside its with block"):
        _ = api.address
