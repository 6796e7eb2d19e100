"""How an environment starts: how long it takes to load, or with SnapStart to be restored.

With SnapStart, Lambda loads a function when a version is published, and environments start from a
snapshot of it. Here every environment loads by itself, and only the time after the snapshot counts.
"""

from __future__ import annotations

from typing import NamedTuple

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import new_request_id
from lambda_ric.emulator.life import Limits
from lambda_ric.emulator.log import phase_events
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.log.phase_events import SUCCESS, InitKind, Instance, PhaseEnd

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


class Initialization:
    """Measures the start of an environment and reports it; the caller says what happens.

    `is_loading` until the runtime asks for its first invocation, or fails to.
    """

    def __init__(self, function: FunctionConfig, log: EnvironmentLog, clock: Clock) -> None:
        self._clock = clock
        self._log = log
        self._instance = Instance(
            function.name, function.version, new_request_id(), function.memory
        )
        self._kind = InitKind("snap-start", "snap-start") if function.snap_start else InitKind()
        self.began_at = clock.now()
        self.is_loading = True
        self._restored_at: float | None = None
        self._unreported = NO_DURATIONS

    @property
    def was_restored(self) -> bool:
        """Whether there was a snapshot."""
        return self._restored_at is not None

    def begin(self, *, within_invoke: bool) -> None:
        """Report that the initialization begins, if it does so within the time of an invoke."""
        if within_invoke:
            self._kind = self._kind._replace(phase="invoke")
        self._log.emit(phase_events.init_start(self._kind, self._instance))

    def restored(self) -> None:
        """Note that the runtime continues from its snapshot."""
        self._log.emit(phase_events.init_runtime_done(self._kind, SUCCESS))
        self._log.emit(phase_events.init_report(self._kind, SUCCESS, self._milliseconds))
        self._restored_at = self._clock.now()
        self._log.emit(phase_events.restore_start(self._instance))

    def runtime_done(self, end: PhaseEnd = SUCCESS) -> None:
        """Note, once, that the runtime waits for its first invocation, or why it does not."""
        if not self.is_loading:
            return
        self.is_loading = False
        if self.was_restored:
            self._log.emit(phase_events.restore_runtime_done(end))
        else:
            self._log.emit(phase_events.init_runtime_done(self._kind, end))

    def loaded(self, *, within_invoke: bool) -> None:
        """Note that the environment waits for its first invocation."""
        if not within_invoke:  # otherwise its time is part of the invoke's
            if self.was_restored:
                self._unreported = Durations(restore=self._milliseconds)
            else:
                self._unreported = Durations(init=self._milliseconds)
        self._report(SUCCESS)

    def failed(self, end: PhaseEnd) -> None:
        """Report how the initialization, or the restore, failed."""
        self.runtime_done(end)
        self._report(end)

    def take_durations(self) -> Durations:
        """Return the times for the next report; those after it get nothing."""
        durations, self._unreported = self._unreported, NO_DURATIONS
        return durations

    @property
    def _milliseconds(self) -> float:
        """The time since the start, or since the restore."""
        return 1_000 * (self._clock.now() - (self._restored_at or self.began_at))

    def _report(self, end: PhaseEnd) -> None:
        if self.was_restored:
            self._log.emit(phase_events.restore_report(end, self._milliseconds))
        else:
            self._log.emit(phase_events.init_report(self._kind, end, self._milliseconds))


def limits_of(function: FunctionConfig) -> Limits:
    """Return how long the phases of an environment of this function may last."""
    init = max(SNAPSHOT_SECONDS, function.timeout) if function.snap_start else function.init_limit
    stopping = 0.3 if function.extensions else Limits().stopping
    return Limits(init=init, invoke=function.timeout, stopping=stopping)
