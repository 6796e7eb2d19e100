"""How batches reach a subscriber: HTTP posts, or lines on one TCP connection.

Subscribers run beside the runtime, so their names mean this machine. What they do is bounded: each
attempt has its time, and after the last one the batch is lost. These times are real, because the
processes that they wait for are.
"""

from __future__ import annotations

import asyncio
import os
from typing import Protocol

from lambda_ric.emulator.runtime_api.telemetry.requests import HttpAddress, TcpAddress
from lambda_ric.wire.head import ProtocolError, Response
from lambda_ric.wire.http1 import response_reader
from lambda_ric.wire.runtime_api import JSON_TYPE
from lambda_ric.wire.writers import encode_request

ATTEMPT_SECONDS = 5.0
"""How long a subscriber may take to accept one batch."""

PAUSES = (0.1, 0.5)
"""Seconds between the attempts."""

_LOOPBACK = "127.0.0.1"
_FIRST_ERROR = 400
_READ_SIZE = 65_536


class DeliveryFailed(Exception):
    """A subscriber did not take a batch; the text says why."""


class Destination(Protocol):
    """A way to a subscriber."""

    async def send(self, events: list[bytes]) -> None:
        """Send a batch once. Raises OSError, ProtocolError or DeliveryFailed."""

    def close(self) -> None:
        """Let go of the connection, if there is one."""


class HttpDestination:
    """Posts each batch as a JSON array, on a connection of its own."""

    def __init__(self, address: HttpAddress) -> None:
        self._address = address

    async def send(self, events: list[bytes]) -> None:
        """Post a batch, and wait for the status of the response."""
        body = b"[" + b",".join(events) + b"]"
        head = encode_request(
            "POST",
            self._address.target,
            [
                ("Host", self._address.host),
                ("Content-Type", JSON_TYPE),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
            ],
        )
        reader, writer = await asyncio.open_connection(_LOOPBACK, self._address.port)
        try:
            writer.write(head + body)
            await writer.drain()
            status = await _status_from(reader)
        finally:
            writer.transport.abort()
        if status >= _FIRST_ERROR:
            raise DeliveryFailed(f"the subscriber answered with status {status}")

    def close(self) -> None:
        """Nothing is kept."""


class TcpDestination:
    """Writes each event as a line, on one connection."""

    def __init__(self, address: TcpAddress) -> None:
        self._address = address
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, events: list[bytes]) -> None:
        """Write a batch, and wait until the system has all of it."""
        if self._connection is not None and self._connection[0].at_eof():
            self.close()  # the subscriber has gone; it may listen again
        if self._connection is None:
            self._connection = await asyncio.open_connection(_LOOPBACK, self._address.port)
        _, writer = self._connection
        writer.transport.set_write_buffer_limits(high=0)
        try:
            writer.write(b"\n".join(events) + b"\n")
            await writer.drain()
        except BaseException:  # a part may have gone, so that a new connection must begin
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection[1].close()
            self._connection = None


def destination_at(address: HttpAddress | TcpAddress) -> Destination:
    """Return the way to an address."""
    if isinstance(address, TcpAddress):
        return TcpDestination(address)
    return HttpDestination(address)


async def deliver(destination: Destination, events: list[bytes]) -> None:
    """Send a batch, in several attempts if need be. Raises DeliveryFailed after the last one."""
    for pause in (*PAUSES, None):
        try:
            await asyncio.wait_for(destination.send(events), ATTEMPT_SECONDS)
        except asyncio.TimeoutError:
            reason = f"the subscriber did not answer within {ATTEMPT_SECONDS:g} seconds"
        except (OSError, ProtocolError, DeliveryFailed) as error:
            number = error.errno if isinstance(error, OSError) else None
            reason = os.strerror(number) if number else str(error)
        else:
            return
        if pause is None:
            raise DeliveryFailed(reason)
        await asyncio.sleep(pause)


async def _status_from(stream: asyncio.StreamReader) -> int:
    """Return the status of a response; its body does not matter."""
    reader = response_reader()
    while True:
        event = reader.next_event()
        if isinstance(event, Response):
            return event.status
        reader.feed(await stream.read(_READ_SIZE))
