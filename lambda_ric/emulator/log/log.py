"""The log of all functions: whoever wants to hear of its events subscribes here."""

from __future__ import annotations

from collections.abc import Callable

from lambda_ric.emulator.log.platform_events import LogEvent


class Log:
    """Hands each event to all its subscribers, in the order in which they joined."""

    def __init__(self, *subscribers: Callable[[LogEvent], None]) -> None:
        self.subscribers = list(subscribers)

    def subscribe(self, subscriber: Callable[[LogEvent], None]) -> Callable[[], None]:
        """Call a subscriber with each event from now on. Returns what ends that."""
        self.subscribers.append(subscriber)
        return lambda: self.subscribers.remove(subscriber)

    def emit(self, event: LogEvent) -> None:
        """Report an event."""
        for subscriber in self.subscribers:
            subscriber(event)
