"""The processes of the external extensions of one environment, and their lines in the log."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lambda_ric.emulator import platform_errors
from lambda_ric.emulator.environment.processes import ProcessSet
from lambda_ric.emulator.environment.running_invoke import Exit
from lambda_ric.emulator.environment.variables import extension_variables
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.life import Event, Kind
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.runtime_api.extensions import Extensions


class ExternalExtensions:
    """Starts and ends external extensions. `report` is called when one has ended."""

    def __init__(
        self,
        function: FunctionConfig,
        processes: ProcessSet,
        log: EnvironmentLog,
        report: Callable[[Event], None],
    ) -> None:
        self._extensions = function.external_extensions
        self._processes = processes
        self._log = log
        self._report = report
        self._ending = False
        self._failed: set[str] = set()
        self.names = frozenset(extension.name for extension in self._extensions)

    def start(self, variables: dict[str, str], is_over: Callable[[], bool]) -> None:
        """Start them with the function's variables, as long as the environment is not over."""
        given = extension_variables(variables)
        for extension in self._extensions:
            name = extension.name
            if is_over():
                self._report(Event(Kind.EXTENSION_EXIT, extension=name))
                continue
            try:
                self._processes.start_extension(
                    extension, given, self._log.extension_output(), partial(self._exited, name)
                )
            except (OSError, ValueError) as error:
                reason = Exit.not_started(extension.command, error).reason
                self._fail(name, Exit(platform_errors.EXTENSION_NOT_STARTED, reason))

    def take(self, event: Event) -> None:
        """Take what an extension asked of the Extensions API."""
        if event.kind is Kind.EXTENSION_FAILED:
            name = event.extension
            exit_ = Exit(event.detail, f"extension {name} reported an error: {event.detail}")
            self._write_failure(name, exit_)
            event = event._replace(detail=exit_)
        self._report(event)

    def write_ready(self, registered: Extensions) -> None:
        """Report all extensions as ready, in the log."""
        for subscription in registered.external:
            self._log.extension(subscription.name, "Ready", subscription.events)

    def kill_except(self, told: set[str]) -> None:
        """End the extensions that were not told to end."""
        self._ending = True
        for name in self.names - told:
            self._processes.kill_extension(name)

    def _exited(self, name: str, status: int) -> None:
        reason = Exit.of_status(status).reason.replace("Runtime", f"extension {name}", 1)
        self._fail(name, Exit(platform_errors.EXTENSION_CRASHED, reason))

    def _fail(self, name: str, exit_: Exit) -> None:
        self._write_failure(name, exit_)
        self._report(Event(Kind.EXTENSION_EXIT, extension=name, detail=exit_))

    def _write_failure(self, name: str, exit_: Exit) -> None:
        """Report the first failure of an extension in the log, unless it was to end."""
        if not self._ending and name not in self._failed:
            self._failed.add(name)
            self._log.extension(name, "ExitError", [], exit_.error_type)
            self._log.fault(exit_.reason)
