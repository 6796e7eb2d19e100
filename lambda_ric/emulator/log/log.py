"""The log of all functions. Subscribers get its events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lambda_ric.emulator.log.platform_events import LogEvent


class Log:
    """Hands each event to all its subscribers, in the order in which they joined.

    If it is `detailed`, they also want the events that are not in a log of text. Those about
    invokes are left out otherwise, because they take time.
    """

    def __init__(self, *subscribers: Callable[[LogEvent], None], detailed: bool = False) -> None:
        self.subscribers = list(subscribers)
        self.detailed = detailed

    def subscribe(self, subscriber: Callable[[LogEvent], None]) -> Callable[[], None]:
        """Call a subscriber with each event from now on; the result unsubscribes it."""
        self.subscribers.append(subscriber)
        return lambda: self._leave(subscriber)

    def _leave(self, subscriber: Callable[[LogEvent], None]) -> None:
        # A new list: one that is being called through stays as it is.
        self.subscribers = [kept for kept in self.subscribers if kept is not subscriber]

    def emit(self, event: LogEvent) -> None:
        """Report an event. A subscriber that fails is reported itself, and unsubscribed."""
        for subscriber in self.subscribers:
            try:
                subscriber(event)
            except Exception as error:
                self._leave(subscriber)
                context = {"message": "a subscriber of the log failed", "exception": error}
                asyncio.get_running_loop().call_exception_handler(context)
