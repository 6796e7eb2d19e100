"""Child processes: what they inherit, what they write, how they end."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.paths import ROOT

PATIENCE = 30
"""How long anything may take that must happen, in seconds."""

_INHERITED = ("PATH", "SYSTEMROOT", "TEMP", "TMPDIR")

_COVERAGE = "COVERAGE_PROCESS_CONFIG"
"""Set by coverage.py in a run of scripts/coverage; children that inherit it are measured."""

_RANDOM = random.SystemRandom()
"""Not the one that pytest's plugins set to the same start in each process."""

_MEASURED = ROOT / "tests" / "support" / "measured"


def environment(**more: str) -> dict[str, str]:
    """Return variables for a process: this checkout, and nothing of ours that could play a part."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    checkout = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    if _COVERAGE in os.environ:
        checkout["PYTHONPATH"] = f"{_MEASURED}{os.pathsep}{ROOT}"
        checkout[_COVERAGE] = os.environ[_COVERAGE]
    return {**kept, **checkout, "LC_ALL": "C.UTF-8", **more}


def foreign_environment(**more: str) -> dict[str, str]:
    """Return the same for a process that runs no code of ours: coverage.py would only delay it."""
    variables = {**environment(**more), "PYTHONPATH": str(ROOT)}
    variables.pop(_COVERAGE, None)
    return variables


@contextmanager
def not_measured() -> Iterator[None]:
    """Start processes that coverage.py does not follow, for as long as this lasts."""
    config = os.environ.pop(_COVERAGE, None)
    try:
        yield
    finally:
        if config is not None:
            os.environ[_COVERAGE] = config


class RunningProcess:
    """A child process that writes to files, so that nothing waits for a reader."""

    def __init__(self, process: subprocess.Popen[bytes], stdout: Path, stderr: Path) -> None:
        self.process = process
        self.files = (stdout, stderr)

    @property
    def stdout(self) -> bytes:
        """What it has written to standard output so far."""
        return self.files[0].read_bytes()

    @property
    def stderr(self) -> bytes:
        """What it has written to standard error so far."""
        return self.files[1].read_bytes()

    @property
    def log(self) -> str:
        """What it has written so far: first all of standard output, then all of standard error."""
        return (self.stdout + self.stderr).decode("utf-8", "replace")

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds that makes no event in this process: a log, a process."""
        until(condition, lambda: self.log)

    def until_logged(self, *texts: str) -> str:
        """Wait until the texts stand in the log, and return all of it."""
        self.until(lambda: all(text in self.log for text in texts))
        return self.log

    def wait_for(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait until the log has a match for the pattern, behind the `since`th character."""
        expression = re.compile(pattern)
        self.until(lambda: expression.search(self.log, since))
        found = expression.search(self.log, since)
        assert found is not None
        return found

    def terminate(self, number: int = signal.SIGTERM) -> int:
        """Send SIGTERM as Lambda does, or another signal, and return the exit code."""
        self.process.send_signal(number)
        return self.exit_code()

    def exit_code(self) -> int:
        """Wait for the end of the process, and return its exit code."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"it goes on; log:\n{self.log}") from None


@contextmanager
def started(
    command: Sequence[str | Path],
    cwd: Path,
    env: Mapping[str, str],
    *,
    merged: bool = False,
    pass_fds: Sequence[int] = (),
) -> Iterator[RunningProcess]:
    """Start a process, and kill it and its children at the end.

    With `merged` its standard error goes where its standard output goes.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        Path(folder, "stdout").open("wb") as stdout,
        Path(folder, "stderr").open("wb") as stderr,
        subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stdout if merged else stderr,
            pass_fds=pass_fds,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield RunningProcess(process, Path(stdout.name), Path(stderr.name))
        finally:
            kill_group(process)


def until(condition: Callable[[], object], log: Callable[[], str] = str) -> None:
    """Wait for what makes no event here: another process writes a file, opens a port, or ends.

    `log` explains why it did not happen.
    """
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE} seconds; log:\n{log()}")
        time.sleep(0.01)


def ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text(encoding="ascii").split()[2] == "Z"


def listens(port: int) -> bool:
    """Return whether a connection to this port of this machine is accepted."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def free_port() -> int:
    """Return a port that was free a moment ago, for programs that cannot report their choice.

    It is below those that Linux gives to any connection, or to whoever asks for any port: the
    tests that run beside this one would soon get it.
    """
    while True:
        port = _RANDOM.randrange(10_000, 32_768)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that leads a session of its own, and its children with it."""
    if _COVERAGE in os.environ:
        _let_save(process)
    process.kill()
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _let_save(process: subprocess.Popen[bytes]) -> None:
    """Have all processes of the session save what coverage.py has seen, and end.

    One that is deaf to signals, as in C code, is not waited for long.
    """
    deadline = time.monotonic() + 3
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGRTMAX)
        while time.monotonic() < deadline:
            process.poll()  # a child that nobody has waited for is still a member of its group
            os.killpg(process.pid, 0)
            time.sleep(0.01)
