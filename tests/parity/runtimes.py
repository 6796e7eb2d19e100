"""Runs a scenario under either runtime, in the same way, and tells what came of each case."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from lambda_ric.testing import RecordedRequest, RuntimeApi
from tests.parity.scenario import START, Scenario
from tests.support.paths import HANDLERS
from tests.support.processes import environment, foreign_environment, kill_group

THEIRS = "awslambdaric"
OURS = "lambda_ric"

STILL_RUNS = "still runs"


@dataclass(frozen=True)
class Outcome:
    """What one case brought about, up to the next poll for an event."""

    posts: list[RecordedRequest]
    stdout: bytes
    stderr: bytes
    frames: bytes
    exit_code: int | str = STILL_RUNS


def run(scenario: Scenario, runtime: str) -> dict[str, Outcome]:
    """Return the outcome of each case that was reached."""
    with (
        RuntimeApi(posts=scenario.posts) as api,
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
        tempfile.TemporaryFile() as frames,
    ):
        variables = environment if runtime == OURS else foreign_environment
        environ = variables(AWS_LAMBDA_RUNTIME_API=api.address, **scenario.environ)
        if scenario.framed:
            environ["_LAMBDA_TELEMETRY_LOG_FD"] = str(frames.fileno())
        child = subprocess.Popen(
            [sys.executable, "-m", runtime, scenario.handler],
            cwd=HANDLERS,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            pass_fds=[frames.fileno()] if scenario.framed else [],
            start_new_session=True,
        )
        kill = child.kill if runtime == THEIRS else partial(kill_group, child)
        return _Run(scenario, api, child, kill, (stdout, stderr, frames)).outcomes()


class _Run:
    """Hands out one event at a time, so that each output can be told to belong to one."""

    def __init__(
        self,
        scenario: Scenario,
        api: RuntimeApi,
        child: subprocess.Popen[bytes],
        kill: Callable[[], None],
        files: tuple[BinaryIO, BinaryIO, BinaryIO],
    ) -> None:
        self._scenario = scenario
        self._api = api
        self._child = child
        self._kill = kill
        self._files = files
        self._seen = [0] * len(files)
        self._posts = 0
        self._watch = threading.Thread(target=self._close_api_after_child)

    def outcomes(self) -> dict[str, Outcome]:
        self._watch.start()
        outcomes = {}
        try:
            for case in [START, *self._scenario.events]:
                if case != START:
                    self._api.feed(self._scenario.events[case])
                if not self._polls():
                    outcomes[case] = self._outcome(self._child.wait())
                    return outcomes
                outcomes[case] = self._outcome()
            return outcomes
        finally:
            self._kill()
            self._watch.join()

    def _polls(self) -> bool:
        """Wait until the runtime asks for the next event, and return whether it does."""
        try:
            self._api.wait_until_idle()
        except TimeoutError:
            if self._child.poll() is None and not self._api.closed:
                raise
            return False
        return True

    def _close_api_after_child(self) -> None:
        self._child.wait()
        self._api.close()

    def _outcome(self, exit_code: int | str = STILL_RUNS) -> Outcome:
        posts = self._api.posts[self._posts :]
        self._posts += len(posts)
        stdout, stderr, frames = [self._new_output(index) for index in range(3)]
        return Outcome(posts, stdout, stderr, frames, exit_code)

    def _new_output(self, index: int) -> bytes:
        fd, at = self._files[index].fileno(), self._seen[index]
        data = os.pread(fd, os.fstat(fd).st_size - at, at)
        self._seen[index] += len(data)
        return data


def run_both(scenario: Scenario) -> tuple[dict[str, Outcome], dict[str, Outcome]]:
    """Return the outcomes under AWS's runtime and under ours, which run side by side."""
    ours: list[dict[str, Outcome]] = []
    thread = threading.Thread(target=lambda: ours.append(run(scenario, OURS)))
    thread.start()
    theirs = run(scenario, THEIRS)
    thread.join()
    return theirs, ours[0]
