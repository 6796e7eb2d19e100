"""Runs one function with a tool under both runtimes, and returns what came of it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lambda_ric.testing import Answer, Event, RecordedRequest, RuntimeApi
from lambda_ric.wire.runtime_api import TRACE_ID as TRACE
from tests.agents.collector import Collector
from tests.support.paths import ROOT

HANDLERS = Path(__file__).with_name("handlers")

UNDER_THEIRS = ("awslambdaric", True)
UNDER_OURS = ("lambda_ric", True)
UNDER_OURS_ALONE = ("lambda_ric", False)
"""A runtime, and whether AWS's package is installed."""

FUNCTION = {
    "AWS_LAMBDA_FUNCTION_NAME": "shop",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/shop",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/24/[$LATEST]ab",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "LC_ALL": "C.UTF-8",
}
TRACE_ID = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"

SECONDS = 90


class Emitted(NamedTuple):
    """What a function with a tool has left."""

    posts: list[RecordedRequest]
    stdout: str
    stderr: str
    collector: Collector

    @property
    def bodies(self) -> list[bytes]:
        """The results and errors that Lambda got."""
        return [post.body for post in self.posts]

    def printed(self) -> list[Any]:
        """Return the JSON values that stand on lines of their own in the log."""
        lines = self.stdout.splitlines()
        return [json.loads(line) for line in lines if line.startswith(("{", "[1,"))]


class Tool:
    """A tool in a virtual environment of its own."""

    def __init__(self, name: str) -> None:
        if "LAMBDA_RIC_CACHE" not in os.environ:
            pytest.skip("scripts/agent-tests prepares what this needs")
        self.environments = Path(os.environ["LAMBDA_RIC_CACHE"]) / "agents"
        self.folder = self.environments / name
        self.python = self.folder / "bin" / "python"

    def run(
        self,
        setting: tuple[str, bool],
        handler: str,
        events: Sequence[object] = (),
        environ: Callable[[Collector], dict[str, str]] = lambda collector: {},
        launcher: Sequence[str] = (),
    ) -> Emitted:
        """Serve the events to their end. A launcher is a program in the tool's environment."""
        runtime, installed = setting
        script = [
            event if isinstance(event, Event) else Event(event, {TRACE: TRACE_ID})
            for event in events
        ]
        path = [ROOT, HANDLERS, *([self.environments / "awslambdaric"] if installed else [])]
        programs = [str(self.folder / "bin" / launcher[0]), *launcher[1:]] if launcher else []
        with Collector() as collector, RuntimeApi(script, end=Answer.of(410)) as api:
            done = subprocess.run(
                [*programs, self.python, "-m", runtime, handler],
                cwd=HANDLERS,
                env={
                    "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                    "PYTHONPATH": ":".join(map(str, path)),
                    "AWS_LAMBDA_RUNTIME_API": api.address,
                    **FUNCTION,
                    **environ(collector),
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
            return Emitted(api.posts, done.stdout, done.stderr, collector)

    def same_everywhere(self, tell: Callable[[Emitted], Any], *arguments: Any, **named: Any) -> Any:
        """Return what `tell` makes of a run, which is the same with and without AWS's package."""
        theirs = tell(self.run(UNDER_THEIRS, *arguments, **named))
        for setting in (UNDER_OURS, UNDER_OURS_ALONE):
            ours = tell(self.run(setting, *arguments, **named))
            assert ours == theirs, f"under {setting}:\n{ours}\nunder awslambdaric:\n{theirs}"
        return theirs
