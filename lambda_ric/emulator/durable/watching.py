"""A reader of a history may wait for its next event, instead of asking again and again.

Source: the preference `wait` of RFC 7240. Callers that do not state it are answered at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lambda_ric.emulator.durable.execution import Execution
from lambda_ric.emulator.durable.executions import Executions
from lambda_ric.emulator.http.exchange import Exchange

LONGEST_WAIT = 60
"""The most seconds that an answer is held back."""

_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*(\d{1,9})")


def wished_wait(exchange: Exchange) -> int:
    """Return how many seconds a caller would like to wait for news."""
    wish = _WAIT.search(exchange.field(b"prefer"))
    return min(int(wish[1]), LONGEST_WAIT) if wish else 0


class Watch:
    """Calls `then` once: when an execution has more events than are known, ends, or time is up.

    If `exchange` loses its peer before that, it never does.
    """

    def __init__(
        self,
        executions: Executions,
        execution: Execution,
        known: int,
        exchange: Exchange,
        then: Callable[[], None],
    ) -> None:
        self._listeners = executions.on_change
        self._arn = execution.origin.arn
        self._known = known
        self._then = then
        self._listeners.append(self._look)
        self._timer = executions.clock.after(wished_wait(exchange), self._end)
        exchange.on_gone = self._forget
        self._look(execution)

    def _look(self, execution: Execution) -> None:
        if execution.origin.arn == self._arn and (
            not execution.open or len(execution.events) > self._known
        ):
            self._end()

    def _end(self) -> None:
        self._forget()
        self._then()

    def _forget(self) -> None:
        self._timer.cancel()
        self._listeners.remove(self._look)
