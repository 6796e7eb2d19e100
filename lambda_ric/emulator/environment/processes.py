"""The processes of one execution environment, which live and end together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lambda_ric.emulator.environment.guard import Guard
from lambda_ric.emulator.environment.process import Child
from lambda_ric.emulator.function import ExternalExtension


class ProcessSet:
    """The processes of an environment. `on_output` gets what they write."""

    def __init__(self, guard: Guard, on_output: Callable[[bytes], None]) -> None:
        self._guard = guard
        self._on_output = on_output
        self._children: list[Child] = []
        self._runtime: Child | None = None
        self._extensions: dict[str, Child] = {}
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
        if self._runtime is not None:
            self._runtime.terminate()

    def kill(self) -> None:
        """End the runtime and everything it has started."""
        if self._runtime is not None:
            self._runtime.kill()

    def kill_extension(self, name: str) -> None:
        """End an external extension, if it was started, and everything it has started."""
        if name in self._extensions:
            self._extensions[name].kill()

    def kill_all(self) -> None:
        """End the runtime, the extensions, and everything they have started."""
        for child in self._children:
            child.kill()

    def read_memory(self) -> int:
        """Read the memory that the processes use now, and return the peak so far, in bytes."""
        self.peak = max(self.peak, sum([child.peak_memory() for child in self._children]))
        return self.peak
