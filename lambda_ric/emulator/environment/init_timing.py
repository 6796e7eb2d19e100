"""How long an environment takes to start: to load, or with SnapStart to be restored.

With SnapStart, Lambda loads a function when a version is published, and environments start from a
snapshot of it. Here every environment loads by itself, and only the time after the snapshot counts.
"""

from __future__ import annotations

from typing import NamedTuple

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.life import Limits

NO_SNAPSHOT = (
    "The runtime did not ask for restore/next, so no hook ran. Lambda publishes such an image only "
    "with the label com.amazonaws.lambda.feature.snapstart=Allow"
)

SNAPSHOT_SECONDS = 130.0
"""How long a function with SnapStart may load, unless its timeout is longer."""


class Durations(NamedTuple):
    """The times of the start in a report, in milliseconds; None if that phase did not happen."""

    init: float | None = None
    restore: float | None = None


NO_DURATIONS = Durations()


class InitTiming:
    """Measures from now on; call `restored` and `loaded` when that has happened."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.began_at = clock.now()
        self._restored_at: float | None = None
        self._unreported = NO_DURATIONS

    @property
    def was_restored(self) -> bool:
        """Whether there was a snapshot."""
        return self._restored_at is not None

    @property
    def milliseconds(self) -> float:
        """The time since the start, or since the restore."""
        return 1_000 * (self._clock.now() - (self._restored_at or self.began_at))

    def restored(self) -> None:
        """Note that the runtime continues from its snapshot."""
        self._restored_at = self._clock.now()

    def loaded(self) -> None:
        """Note that the runtime waits for its first invocation."""
        if self.was_restored:
            self._unreported = Durations(restore=self.milliseconds)
        else:
            self._unreported = Durations(init=self.milliseconds)

    def take_durations(self) -> Durations:
        """Return the times for the next report; those after it get nothing."""
        durations, self._unreported = self._unreported, NO_DURATIONS
        return durations


def limits_of(function: FunctionConfig) -> Limits:
    """Return how long the phases of an environment of this function may last."""
    init = max(SNAPSHOT_SECONDS, function.timeout) if function.snap_start else function.init_limit
    stopping = 0.3 if function.extensions else Limits().stopping
    return Limits(init=init, invoke=function.timeout, stopping=stopping)
