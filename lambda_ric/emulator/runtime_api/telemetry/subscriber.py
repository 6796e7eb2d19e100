"""One subscriber: its buffer, the clock that empties it, and the task that delivers a batch.

Nothing here is waited for by a function: events are added, and leave when the loop is free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lambda_ric.emulator.clock import Alarm, Clock
from lambda_ric.emulator.log.extension_events import logs_dropped
from lambda_ric.emulator.log.platform_events import LogEvent, timestamp
from lambda_ric.emulator.runtime_api.telemetry.buffer import Batch, Buffer
from lambda_ric.emulator.runtime_api.telemetry.delivery import (
    DeliveryFailed,
    deliver,
    destination_at,
)
from lambda_ric.emulator.runtime_api.telemetry.dialects import encode_event, encoder
from lambda_ric.emulator.runtime_api.telemetry.dropped import NOTHING, Dropped
from lambda_ric.emulator.runtime_api.telemetry.requests import PLATFORM, Subscription

TOO_SLOW = (
    "Some logs were dropped because the downstream consumer is slower than the logs production rate"
)


class Subscriber:
    """Buffers the events that one subscription asks for, and delivers them.

    `on_dropped` is called with the number of events that were dropped, their bytes, and the reason.
    """

    def __init__(
        self,
        subscription: Subscription,
        clock: Clock,
        on_dropped: Callable[[int, int, str], None],
        *,
        json_logs: bool,
    ) -> None:
        self.subscription = subscription
        self._clock = clock
        self._on_dropped = on_dropped
        self._encode = encoder(subscription, json_logs=json_logs)
        self._buffer = Buffer(subscription.buffering)
        self._destination = destination_at(subscription.address)
        self._alarm = Alarm(clock, self._go_on)
        self._delivery: asyncio.Task[None] | None = None
        self._at_once = False
        self._when_idle: Callable[[], None] | None = None

    def take(self, event: LogEvent, time: str) -> None:
        """Take an event that happened at a time."""
        encoded = self._encode(event, time)
        if encoded is not None:
            self._buffer.add(encoded, self._clock.now())
            self._go_on()

    def miss(self, dropped: Dropped) -> None:
        """Count events from before the subscription that are not there any more."""
        self._buffer.drop(*dropped)

    def flush(self, then: Callable[[], None]) -> None:
        """Send all that waits, and from now on each event at once; call back when it is sent."""
        self._at_once = True
        self._when_idle = then
        self._go_on()

    def close(self) -> None:
        """Stop; what has not been delivered never will be."""
        self._alarm.cancel()
        self._when_idle = None
        if self._delivery is not None:
            self._delivery.cancel()
        self._destination.close()
        self._announce(TOO_SLOW)

    def _go_on(self) -> None:
        """Send what is due, or wait until it is."""
        if self._delivery is not None:
            return
        batch = self._buffer.take(self._clock.now(), at_once=self._at_once)
        if batch is not None:
            self._delivery = asyncio.get_running_loop().create_task(self._deliver(batch))
        elif self._buffer.is_empty:
            then, self._when_idle = self._when_idle, None
            if then is not None:
                then()
        else:
            self._alarm.set(self._buffer.due_at)

    async def _deliver(self, batch: Batch) -> None:
        reason = TOO_SLOW
        try:
            await deliver(self._destination, self._with_dropped(batch))
        except DeliveryFailed as error:
            self._buffer.lost()
            reason = f"could not send events: {error}"
        else:
            self._buffer.delivered()
        self._delivery = None
        self._announce(reason)
        self._go_on()

    def _with_dropped(self, batch: Batch) -> list[bytes]:
        """Return the events of a batch; the first one says what was dropped before."""
        if batch.dropped == NOTHING or PLATFORM not in self.subscription.types:
            return batch.events
        event = logs_dropped(*batch.dropped, TOO_SLOW)
        return [encode_event(timestamp(), event.type, event.record), *batch.events]

    def _announce(self, reason: str) -> None:
        dropped = self._buffer.take_unannounced()
        if dropped != NOTHING:
            self._on_dropped(*dropped, reason)
