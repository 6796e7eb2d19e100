"""The Telemetry API and the Logs API of one environment: who subscribes, and who gets what.

What happens before an extension has subscribed is kept for it, as long as extensions may. What
reads requests and serves subscribers is imported with the first: most functions have none.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.log.extension_events import subscription as subscription_event
from lambda_ric.emulator.log.platform_events import LogEvent, timestamp
from lambda_ric.emulator.runtime_api.extensions import Extensions
from lambda_ric.emulator.runtime_api.replies import JSON, refuse, small_body
from lambda_ric.emulator.runtime_api.telemetry.apis import Api, InvalidRequest
from lambda_ric.emulator.runtime_api.telemetry.history import History

if TYPE_CHECKING:
    from lambda_ric.emulator.runtime_api.telemetry.requests import Subscription
    from lambda_ric.emulator.runtime_api.telemetry.subscriber import Subscriber

FLUSH_SECONDS = 0.5
"""How long the end of an environment waits until subscribers have all that came before it."""

MAX_SUBSCRIPTIONS = 20
"""Subscriptions that an environment keeps: two for each extension."""


class Telemetry:
    """The subscriptions of the extensions of one environment, and their events."""

    def __init__(
        self, log: EnvironmentLog, extensions: Extensions, clock: Clock, *, json_logs: bool
    ) -> None:
        self._log = log
        self._extensions = extensions
        self._clock = clock
        self._json_logs = json_logs
        self._subscribers: list[tuple[str, Subscriber]] = []  # with the name of the extension
        self._history: History | None = History()  # as long as extensions may subscribe
        log.telemetry = self._take

    def subscriptions_to(self, api: Api) -> Callable[[Exchange], None]:
        """Return the handler of requests to one of the APIs."""

        def handler(exchange: Exchange) -> None:
            def then(body: bytes) -> None:
                self._subscribe(api, exchange, body)

            exchange.consumer = small_body(exchange, then)

        return handler

    def close_registration(self) -> None:
        """Take no more subscriptions: the environment is initialized."""
        self._history = None
        if not self._subscribers:
            self._log.telemetry = None

    def flush(self, then: Callable[[], None] = lambda: None) -> None:
        """Send all events so far, and call back when that is done or has taken too long."""
        waiting = {subscriber for _, subscriber in self._subscribers}
        if not waiting:
            then()
            return

        def go_on() -> None:
            if not limit.cancelled():
                limit.cancel()
                then()

        def idle(subscriber: Subscriber) -> None:
            waiting.discard(subscriber)
            if not waiting:
                go_on()

        limit = asyncio.get_running_loop().call_later(FLUSH_SECONDS, go_on)
        for _, subscriber in self._subscribers:
            subscriber.flush(partial(idle, subscriber))

    def close(self) -> None:
        """Let go of all subscribers."""
        self._log.telemetry = None
        for _, subscriber in self._subscribers:
            subscriber.close()

    def _take(self, event: LogEvent) -> None:
        time = timestamp()
        if self._history is not None:
            self._history.add(event, time)
        for _, subscriber in self._subscribers:
            subscriber.take(event, time)

    def _subscribe(self, api: Api, exchange: Exchange, body: bytes) -> None:
        name = self._extensions.name_of_caller(exchange)
        if name is None:
            return
        if self._history is None:
            message = f"{api.name} API subscription is closed already"
            refuse(exchange, 403, f"{api.name}.SubscriptionClosed", message)
            return
        from lambda_ric.emulator.runtime_api.telemetry.requests import read_request

        try:
            subscription = read_request(api, body)
            is_new = self._is_new(name, subscription)
        except InvalidRequest as error:
            _refuse(exchange, api, str(error))
            return
        if is_new:
            self._add(name, subscription, self._history)
        exchange.respond(200, JSON, b'"OK"' if is_new else b'"AlreadySubscribed"')
        state = "Subscribed" if is_new else "Already subscribed"
        self._log.emit(subscription_event(api.event, name, state, subscription.types))

    def _is_new(self, name: str, subscription: Subscription) -> bool:
        """Return whether an extension has not subscribed so yet. Raises InvalidRequest."""
        existing = [known.subscription for owner, known in self._subscribers if owner == name]
        if existing and existing[0].api is not subscription.api:
            raise InvalidRequest(
                f"The extension {name} is already subscribed to the {existing[0].api.name}API. "
                "You must either subscribe to the LogsAPI or the TelemetryAPI"
            )
        if subscription in existing:
            return False
        if len(self._subscribers) >= MAX_SUBSCRIPTIONS:
            raise InvalidRequest(f"{MAX_SUBSCRIPTIONS} subscriptions are the most")
        return True

    def _add(self, name: str, subscription: Subscription, history: History) -> None:
        """Begin a subscription with what has happened before it."""
        from lambda_ric.emulator.runtime_api.telemetry.subscriber import Subscriber

        self._log.detailed = True
        subscriber = Subscriber(
            subscription, self._clock, self._log.logs_dropped, json_logs=self._json_logs
        )
        self._subscribers.append((name, subscriber))
        subscriber.miss(history.missed)
        for event, time in history:
            subscriber.take(event, time)


def _refuse(exchange: Exchange, api: Api, message: str) -> None:
    error = {"errorType": f"{api.error_prefix}ValidationError", "errorMessage": message}
    exchange.respond(400, JSON, json.dumps(error, separators=(",", ":")).encode())
