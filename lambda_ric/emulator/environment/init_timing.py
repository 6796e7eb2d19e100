"""How long an environment takes to begin: to load, or with SnapStart to be restored.

With SnapStart, Lambda loads a function when a version is published, and a snapshot of that is what
environments begin from. Here every environment loads by itself, and what counts of its time is
what comes after the moment at which the snapshot would have been taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.lifecycle import Limits

NO_SNAPSHOT = (
    "The runtime did not ask for restore/next, so no hook ran. Lambda publishes such an image only "
    "with the label com.amazonaws.lambda.feature.snapstart=Allow"
)

SNAPSHOT_SECONDS = 130.0
"""How long a function with SnapStart may load, unless its timeout is longer."""


class Durations(NamedTuple):
    """What a report says of the beginning, in milliseconds; None for what was not."""

    init: float | None = None
    restore: float | None = None


class InitTiming:
    """Begins now; `restored` and `loaded` are said when that happens."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.at = clock()
        self._restored_at: float | None = None
        self._unreported = Durations()

    @property
    def was_restored(self) -> bool:
        """Whether there was a snapshot."""
        return self._restored_at is not None

    @property
    def milliseconds(self) -> float:
        """Since the beginning, which a restore is a new one of."""
        return 1_000 * (self._clock() - (self._restored_at or self.at))

    def restored(self) -> None:
        """The runtime goes on from its snapshot."""
        self._restored_at = self._clock()

    def loaded(self) -> None:
        """The runtime waits for its first invocation."""
        if self.was_restored:
            self._unreported = Durations(restore=self.milliseconds)
        else:
            self._unreported = Durations(init=self.milliseconds)

    def take_durations(self) -> Durations:
        """Return what the next report has to say, once."""
        durations, self._unreported = self._unreported, Durations()
        return durations


def limits_of(function: FunctionConfig) -> Limits:
    """Return how long the phases of an environment of this function may last."""
    init = max(SNAPSHOT_SECONDS, function.timeout) if function.snap_start else function.init_limit
    return Limits(init=init, invoke=function.timeout)
