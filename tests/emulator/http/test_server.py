"""The HTTP server under peers that are slow, wrong, many, or gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from lambda_ric.emulator.http.exchange import Exchange, Prepared, Whole
from lambda_ric.emulator.http.limits import Limits
from lambda_ric.emulator.http.server import HttpServer
from tests.support.service import scenario

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

POST = b"POST / HTTP/1.1\r\nHost: x\r\n"


def echo(exchange: Exchange) -> None:
    """Answer with the body, or with 413 beyond 1,000,000 bytes."""
    exchange.consumer = Whole(
        1_000_000,
        lambda body: exchange.respond(200, (), body),
        lambda size: exchange.respond(413, (), b"%d" % size),
    )


ECHOED = Prepared(200, (("Content-Type", "text/plain"),), b"as always")


def echo_whole(exchange: Exchange) -> None:
    """Do the same with up to 5 bytes; an empty body has a prepared response."""

    def then(body: bytes) -> None:
        if body:
            exchange.respond(200, (), body)
        else:
            exchange.respond_prepared(ECHOED)

    exchange.read_whole(5, then, lambda size: exchange.respond(413, (), b"%d" % size))


class Server(HttpServer):
    """A server, and the clients that the tests connect to it."""

    def __init__(self, application: Callable[[Exchange], None], limits: Limits) -> None:
        super().__init__(application, limits)
        self._streams: list[Stream] = []

    async def connect(self) -> Stream:
        stream = await asyncio.open_connection("127.0.0.1", self.port)
        self._streams.append(stream)
        return stream

    async def disconnect(self) -> None:
        for _, writer in self._streams:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def listening(
    application: Callable[[Exchange], None] = echo, limits: Limits | None = None
) -> AsyncIterator[Server]:
    server = Server(application, limits or Limits())
    await server.start("127.0.0.1", 0)
    try:
        yield server
    finally:
        server.close()
        await server.disconnect()


async def exchange(stream: Stream, data: bytes) -> tuple[bytes, bytes]:
    """Send a request and return the head and the body of its response."""
    stream[1].write(data)
    return await receive(stream)


async def receive(stream: Stream) -> tuple[bytes, bytes]:
    head = await asyncio.wait_for(stream[0].readuntil(b"\r\n\r\n"), 30)
    size = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            size = int(line[15:])
    return head, await stream[0].readexactly(size)


@scenario
async def test_requests_follow_each_other_on_a_connection() -> None:
    async with listening() as server:
        stream = await server.connect()
        for body in (b"one", b"", b"three"):
            request = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
            assert (await exchange(stream, request))[1] == body


@scenario
async def test_a_whole_body_is_handed_over_however_it_comes() -> None:
    async with listening(echo_whole) as server:
        stream = await server.connect()
        for body, answer in ((b"whole", b"whole"), (b"larger", b"6")):
            head = POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
            assert (await exchange(stream, head + body))[1] == answer
            assert (await exchange(stream, head))[0] == b"HTTP/1.1 100 Continue\r\n\r\n"
            assert (await exchange(stream, body))[1] == answer


@scenario
async def test_a_prepared_response_fits_its_request() -> None:
    async with listening(echo_whole) as server:
        stream = await server.connect()
        head, _ = await exchange(stream, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        stream[1].write(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await stream[0].readexactly(len(head)) == head
        last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        stream[1].write(last)
        closing = await asyncio.wait_for(stream[0].read(), 30)
        assert b"\r\nConnection: close\r\n" in closing
        assert closing.endswith(ECHOED.body)


@scenario
async def test_a_request_may_come_byte_by_byte() -> None:
    async with listening() as server:
        stream = await server.connect()
        for byte in POST + b"Content-Length: 3\r\n\r\nabc":
            stream[1].write(bytes((byte,)))
            await stream[1].drain()
            await asyncio.sleep(0)
        assert (await receive(stream))[1] == b"abc"


@scenario
async def test_requests_may_be_sent_before_the_answers_are_read() -> None:
    async with listening() as server:
        stream = await server.connect()
        for number in range(100):
            stream[1].write(POST + b"Content-Length: 2\r\n\r\n%02d" % number)
        for number in range(100):
            assert (await receive(stream))[1] == b"%02d" % number


@scenario
async def test_data_sent_too_far_ahead_is_not_read() -> None:
    waiting: list[Exchange] = []
    async with listening(waiting.append) as server:
        _, writer = await server.connect()
        writer.write(POST + b"\r\n" + b"x" * 50_000_000)
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert writer.transport.get_write_buffer_size() > 10_000_000


@scenario
async def test_a_chunked_body_is_read_with_its_trailers() -> None:
    trailers = []

    class Consumer:
        def data(self, part: bytes) -> None:
            pass

        def end(self, fields: list[tuple[bytes, bytes]]) -> None:
            trailers.extend(fields)

        def broken(self) -> None:
            pass

    def application(one: Exchange) -> None:
        one.consumer = Consumer()
        one.respond(200)

    async with listening(application) as server:
        stream = await server.connect()
        chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n"
        await exchange(stream, chunked)
        await exchange(stream, POST + b"\r\n")
        assert trailers == [(b"a", b"b")]


@scenario
async def test_a_client_that_expects_a_word_before_it_sends_the_body_gets_it() -> None:
    async with listening() as server:
        stream = await server.connect()
        stream[1].write(POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert await stream[0].readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert (await exchange(stream, b"abc"))[1] == b"abc"


@scenario
async def test_a_body_that_is_too_large_is_refused_and_the_connection_lives() -> None:
    async with listening() as server:
        stream = await server.connect()
        request = POST + b"Content-Length: 1000001\r\n\r\n" + bytes(1_000_001)
        head, body = await exchange(stream, request)
        assert (head[:12], body) == (b"HTTP/1.1 413", b"1000001")
        assert (await exchange(stream, POST + b"Content-Length: 1\r\n\r\nx"))[1] == b"x"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\n\r\n", b"400"),
        (POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", b"501"),
        (b"POST / HTTP/2.0\r\nHost: x\r\n\r\n", b"505"),
        (POST + b"A: " + b"x" * 2_000_000 + b"\r\n\r\n", b"431"),
        (POST + b"A: b\nC: d\r\n\r\n", b"400"),
    ],
)
@scenario
async def test_data_that_is_not_http_is_refused_and_the_connection_closed(
    request_: bytes, status: bytes
) -> None:
    async with listening() as server:
        reader, writer = await server.connect()
        writer.write(request_)
        try:
            answer = await asyncio.wait_for(reader.read(), 30)
        except ConnectionResetError:  # it was closed with some of the request unread
            return
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert b"connection: close" in answer.lower()


@scenario
async def test_an_old_client_gets_its_answer_and_the_end() -> None:
    async with listening() as server:
        reader, writer = await server.connect()
        writer.write(b"POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx")
        answer = await asyncio.wait_for(reader.read(), 30)
        assert answer.endswith(b"\r\n\r\nx")


@scenario
async def test_the_application_hears_of_a_client_that_has_gone() -> None:
    heard: list[str] = []
    event = asyncio.Event()

    class Consumer:
        def data(self, part: bytes) -> None:
            heard.append(part.decode())

        def end(self, fields: list[tuple[bytes, bytes]]) -> None:
            heard.append("end")

        def broken(self) -> None:
            heard.append("broken")

    def application(one: Exchange) -> None:
        def gone() -> None:
            heard.append("gone")
            event.set()

        one.consumer = Consumer()
        one.on_gone = gone

    async with listening(application) as server:
        _, writer = await server.connect()
        writer.write(POST + b"Content-Length: 10\r\n\r\npart")
        await writer.drain()
        writer.close()
        await asyncio.wait_for(event.wait(), 30)
        assert heard == ["part", "broken", "gone"]
        event.clear()
        _, writer = await server.connect()
        writer.write(POST + b"\r\n")
        await writer.drain()
        writer.close()
        await asyncio.wait_for(event.wait(), 30)
        assert heard[3:] == ["end", "gone"]


@scenario
async def test_an_answer_after_the_client_has_gone_is_dropped() -> None:
    exchanges: list[Exchange] = []
    event = asyncio.Event()

    def application(one: Exchange) -> None:
        exchanges.append(one)
        one.on_gone = event.set

    async with listening(application) as server:
        _, writer = await server.connect()
        writer.write(POST + b"\r\n")
        await writer.drain()
        writer.close()
        await asyncio.wait_for(event.wait(), 30)
        exchanges[0].respond(200, (), b"late")
        exchanges[0].write(b"late")
        exchanges[0].finish()
        assert not server.connections


@scenario
async def test_heads_and_bodies_that_take_too_long_end_the_connection() -> None:
    limits = Limits(head_seconds=0.2, body_seconds=0.2, idle_seconds=0.2)
    async with listening(limits=limits) as server:
        slow_head, slow_body, idle = [await server.connect() for _ in range(3)]
        slow_head[1].write(POST)
        slow_body[1].write(POST + b"Content-Length: 10\r\n\r\npart")
        answer = await asyncio.wait_for(slow_head[0].read(), 30)
        assert answer.startswith(b"HTTP/1.1 408")
        for reader, _ in (slow_body, idle):
            with suppress(ConnectionResetError):
                assert await asyncio.wait_for(reader.read(), 30) == b""
        assert not server.connections


@scenario
async def test_slow_clients_cannot_keep_others_out() -> None:
    async with listening(limits=Limits(connections=20)) as server:
        slow = [await server.connect() for _ in range(40)]
        for _, writer in slow:
            writer.write(POST)
        for _ in range(30):
            stream = await server.connect()
            assert (await exchange(stream, POST + b"Content-Length: 1\r\n\r\nx"))[1] == b"x"
        assert len(server.connections) <= 20


@scenario
async def test_clients_that_are_being_served_are_not_put_out() -> None:
    waiting: list[Exchange] = []
    async with listening(waiting.append, Limits(connections=3)) as server:
        served = [await server.connect() for _ in range(3)]
        for _, writer in served:
            writer.write(POST + b"\r\n")
        while len(waiting) < 3 or not all(one.received for one in waiting):
            await asyncio.sleep(0.01)
        more = await server.connect()
        assert (await receive(more))[0].startswith(b"HTTP/1.1 503")
        for one in waiting:
            one.respond(200, (), b"served")
        for stream in served:
            assert (await receive(stream))[1] == b"served"


@scenario
async def test_an_answer_that_nobody_reads_ends_the_connection() -> None:
    gone = asyncio.Event()

    def application(one: Exchange) -> None:
        one.on_gone = gone.set
        one.begin(200, ())
        while one.writable:
            one.write(bytes(1_000_000))

    async with listening(application, Limits(unread_seconds=0.2)) as server:
        _, writer = await server.connect()
        writer.write(POST + b"\r\n")
        await asyncio.wait_for(gone.wait(), 30)


def later(seconds: float) -> Callable[[Exchange], None]:
    """Return an application that answers after a while."""

    def application(exchange: Exchange) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, exchange.respond, 200, (), b"late")

    return application


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
@scenario
async def test_a_client_that_closed_its_sending_side_gets_its_answer(version: bytes) -> None:
    async with listening(later(0.1)) as server:
        reader, writer = await server.connect()
        writer.write(b"GET / HTTP/%b\r\nHost: x\r\n\r\n" % version)
        writer.write_eof()
        answer = await reader.read()
        assert answer.endswith(b"\r\n\r\nlate")
        assert answer.count(b"HTTP/1.1 200 OK") == 1


@scenario
async def test_requests_behind_a_half_closed_one_are_answered_too() -> None:
    async with listening() as server:
        reader, writer = await server.connect()
        writer.write(3 * (POST + b"Content-Length: 1\r\n\r\nx"))
        writer.write_eof()
        assert (await reader.read()).count(b"HTTP/1.1 200 OK") == 3


@scenario
async def test_answers_that_nobody_reads_stop_further_requests() -> None:
    served = 0

    def application(exchange: Exchange) -> None:
        nonlocal served
        served += 1
        exchange.respond(200, (), bytes(1_000))

    async with listening(application) as server:
        reader, writer = await server.connect()
        requests = 20_000
        writer.write(requests * b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        drained = asyncio.ensure_future(writer.drain())
        before = -1
        while served != before:  # until it stands still
            before = served
            await asyncio.sleep(0.2)
        assert 0 < served < requests / 2
        whole = await reader.readexactly(requests * 1_000)
        assert len(whole) == requests * 1_000
        await drained


@scenario
async def test_a_client_of_http_1_0_gets_a_stream_without_chunks() -> None:
    def application(exchange: Exchange) -> None:
        exchange.begin(200, [("Content-Type", "text/plain")])
        exchange.write(b"one ")
        exchange.write(b"two")
        exchange.finish()

    async with listening(application) as server:
        reader, writer = await server.connect()
        writer.write(b"POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        assert body == b"one two"
        assert b"Transfer-Encoding" not in head
        assert b"100 Continue" not in head


@scenario
async def test_an_application_that_fails_answers_500_and_serves_the_next() -> None:
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))

    def application(exchange: Exchange) -> None:
        if exchange.request.target == b"/fail":
            raise KeyError("broken")
        exchange.respond(200, (), b"fine")

    async with listening(application) as server:
        for target, status in ((b"/fail", b"500"), (b"/", b"200")):
            reader, writer = await server.connect()
            writer.write(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % target)
            assert (await reader.readline()).split()[1] == status
    assert len(faults) == 1


@scenario
async def test_a_host_that_is_longer_than_any_name_is_refused() -> None:
    async with listening() as server:
        reader, writer = await server.connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n" % (b"x" * 100_000))
        assert (await reader.readline()).split()[1] == b"400"
