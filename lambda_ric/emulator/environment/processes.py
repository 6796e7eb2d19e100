"""The processes of one execution environment, which live and end together."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence

from lambda_ric.emulator.environment.guard import Guard
from lambda_ric.emulator.environment.process import Child
from lambda_ric.emulator.function import ExternalExtension

RESTART_SECONDS = 1.0
"""How long after a crash the runtime is started again."""


class ProcessSet:
    """The processes of an environment. `on_output` gets what they write."""

    def __init__(self, guard: Guard, on_output: Callable[[bytes], None]) -> None:
        self._guard = guard
        self._on_output = on_output
        self._children: list[Child] = []
        self._runtime: Child | None = None
        self._extensions: dict[str, Child] = {}
        self._restart: asyncio.TimerHandle | None = None
        self._runtime_exited: Callable[[int], None] = lambda status: None
        self.peak = 0
        """The peak of the memory so far, in bytes."""

    def start_runtime(
        self,
        command: Sequence[str],
        variables: Mapping[str, str],
        directory: str | None,
        on_exit: Callable[[int], None],
    ) -> None:
        """Start the runtime; `on_exit` gets its status, a negative one for a signal.

        Raises OSError or ValueError when the command cannot be started.
        """
        child = Child(command, variables, directory, self._guard, self._on_output, on_exit)
        self._children.append(child)
        self._runtime = child
        self._runtime_exited = on_exit

    def restart_runtime(self, start: Callable[[], None]) -> None:
        """Start a runtime that has crashed again, soon. If it is ended before, that is its exit."""
        self._restart = asyncio.get_running_loop().call_later(RESTART_SECONDS, self._start, start)

    def _start(self, start: Callable[[], None]) -> None:
        self._restart = None
        start()

    def _give_up_restart(self) -> None:
        restart, self._restart = self._restart, None
        if restart is not None:
            restart.cancel()
            exited = self._runtime_exited
            asyncio.get_running_loop().call_soon(exited, -signal.SIGSEGV)

    def start_extension(
        self,
        extension: ExternalExtension,
        variables: Mapping[str, str],
        on_output: Callable[[bytes], None],
        on_exit: Callable[[int], None],
    ) -> None:
        """Start an external extension. Raises OSError or ValueError when that is impossible."""
        child = Child(extension.command, variables, None, self._guard, on_output, on_exit)
        self._children.append(child)
        self._extensions[extension.name] = child

    def drain(self) -> None:
        """Read all the output so far, before anything that follows it is reported."""
        for child in self._children:
            child.drain()

    def terminate(self) -> None:
        """Ask the runtime to end."""
        self._give_up_restart()
        if self._runtime is not None:
            self._runtime.terminate()

    def kill(self) -> None:
        """End the runtime and everything it has started."""
        self._give_up_restart()
        if self._runtime is not None:
            self._runtime.kill()

    def kill_extension(self, name: str) -> None:
        """End an external extension, if it was started, and everything it has started."""
        if name in self._extensions:
            self._extensions[name].kill()

    def kill_all(self) -> None:
        """End the runtime, the extensions, and everything they have started."""
        self._give_up_restart()
        for child in self._children:
            child.kill()

    def read_memory(self) -> int:
        """Read the memory that the processes use now, and return the peak so far, in bytes."""
        self.peak = max(self.peak, sum([child.peak_memory() for child in self._children]))
        return self.peak
