"""Sends the record of each asynchronous invoke that has ended to the destination for its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.destination import Destination, DestinationKind, parse_destination
from lambda_ric.emulator.destinations.record import record_of
from lambda_ric.emulator.invoke import new_request_id
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.scheduling.async_queue import (
    MAX_ASYNC_EVENT,
    AsyncQueue,
    Condition,
    Ending,
    QueueClosed,
    QueueFull,
)
from lambda_ric.emulator.scheduling.scheduler import Scheduler
from lambda_ric.wire.runtime_api import Invocation

if TYPE_CHECKING:
    from lambda_ric.emulator.destinations.sender import Sender

MAX_CHAIN = 16
"""How often functions that are each other's destinations run for one event, as in Lambda."""

Done = Callable[[], None]


class NotSentError(Exception):
    """A record that does not reach its destination; the message says why."""


class Destinations:
    """Delivers records. A record that cannot be sent is reported in the log, and is lost."""

    def __init__(
        self, functions: Mapping[str, Scheduler], events: AsyncQueue, log: Log, clock: Clock
    ) -> None:
        self._functions = functions
        self._events = events
        self._log = log
        self._clock = clock
        self._senders: dict[str, Sender] = {}  # one each, so that a deaf one holds up no other
        self._unsent = 0
        self._all_sent = asyncio.Event()
        self._closed = False

    def deliver(self, ending: Ending, done: Done) -> None:
        """Send the record, if there is a destination for it, and call `done` then."""
        function = ending.function
        succeeded = ending.condition is Condition.SUCCESS
        text = function.on_success if succeeded else function.on_failure
        if not text:
            done()
            return
        destination = parse_destination(text)
        record = record_of(ending, self._clock.wall_time())
        if destination.kind is not DestinationKind.FUNCTION:
            self._send(ending, destination, record, done)
            return
        try:
            self._invoke(ending, destination.target, record)
        except NotSentError as error:
            self._report(ending, destination, str(error))
        done()

    async def sent(self) -> None:
        """Wait until all records so far have been sent, or have failed."""
        while self._unsent:
            self._all_sent.clear()
            await self._all_sent.wait()

    def close(self) -> None:
        """Send no more, and report how many records were not sent."""
        self._closed = True
        for sender in self._senders.values():
            sender.close()
        if self._unsent:
            left = f"records that were not sent to their destinations: {self._unsent}"
            self._log.emit(platform_events.fault("", left))

    def _invoke(self, ending: Ending, target: str, record: bytes) -> None:
        """Invoke another function with a record, as an event. Raises NotSentError."""
        scheduler = self._functions[target]
        tenant_id = ending.invocation.tenant_id
        if len(record) > MAX_ASYNC_EVENT:
            raise NotSentError(f"{len(record)} bytes are more than an event may have")
        if ending.chain >= MAX_CHAIN:
            raise NotSentError(f"it was the {MAX_CHAIN}th in a chain of destinations")
        if scheduler.function.tenant_isolation and tenant_id is None:
            raise NotSentError("the function needs a tenant, and the event has none")
        invocation = Invocation(
            new_request_id(),
            record,
            function_arn=scheduler.function.arn(),
            trace_id=ending.invocation.trace_id,
            tenant_id=tenant_id,
        )
        version = scheduler.function.version
        try:
            self._events.accept(scheduler, invocation, version, chain=ending.chain + 1)
        except QueueFull:
            raise NotSentError("too many events are waiting") from None
        except QueueClosed:
            raise NotSentError("the emulator is stopping") from None

    def _send(self, ending: Ending, destination: Destination, record: bytes, done: Done) -> None:
        from lambda_ric.emulator.destinations.sender import Message, Sender

        self._unsent += 1
        loop = asyncio.get_running_loop()
        trace_id = ending.invocation.trace_id
        message = Message(destination, record.decode(), trace_id, ending.function)
        sent = partial(self._sent, ending, destination, done)
        sender = self._senders.setdefault(destination.target, Sender())
        sender.send(message, partial(_call_in, loop, sent))

    def _sent(self, ending: Ending, destination: Destination, done: Done, problem: str) -> None:
        if self._closed:
            return
        self._unsent -= 1
        if not self._unsent:
            self._all_sent.set()
        if problem:
            self._report(ending, destination, problem)
        done()

    def _report(self, ending: Ending, destination: Destination, problem: str) -> None:
        request_id = ending.invocation.request_id
        text = f"{platform_events.timestamp()} {request_id} "
        text += f"Record not sent to {destination.target}: {problem}"
        self._log.emit(platform_events.fault(request_id, text, ending.function.name))


def _call_in(
    loop: asyncio.AbstractEventLoop, callback: Callable[[str], None], problem: str
) -> None:
    """Call back in the event loop, from a thread that may outlive it."""
    with suppress(RuntimeError):  # it is closed; to ask first would be a race
        loop.call_soon_threadsafe(callback, problem)
