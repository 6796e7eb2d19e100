"""What a cold start of the function is made of, beside the code that it runs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lambda_ric.cli.examine.import_times import Import, by_seconds
from lambda_ric.deploy.finding import Finding, warning

WORTH_A_BUNDLE = 0.05
"""Seconds of an import above which a bundle is tried out."""

_TIMES = 2
_PATIENCE = 120
_TIMED = "lambda_ric.cli.examine.timed_start"


@dataclass
class StartCosts:
    """The imports, the collections of garbage and their seconds, and modules without bytecode.

    `bundle_saves` are the seconds of CPU time that a bundle would save, or None if not tried.
    """

    imports: list[Import]
    collections: int
    collecting: float
    compiled: list[str]
    bundle_saves: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the parts of `init` that `--json` prints."""
        saves = self.bundle_saves
        return {
            "imports": [entry.to_json() for entry in by_seconds(self.imports)],
            "collections": self.collections,
            "collecting_seconds": round(self.collecting, 6),
            "modules_without_bytecode": self.compiled,
            "bundle_saves_seconds": saves if saves is None else round(saves, 6),
        }


def time_saved_by_a_bundle(name: str, environ: Mapping[str, str]) -> float | None:
    """Return the CPU seconds that a bundle saves, by trying it, or None when it cannot be tried.

    The least of several starts counts: other programs can only add to it.
    """
    with tempfile.TemporaryDirectory() as directory:
        path = str(Path(directory, "bundle"))
        try:
            _run("lambda_ric.cli.bundling.maker", name, path, environ=environ)
            pairs = [
                [
                    float(_run(_TIMED, name, *bundle, environ=environ).split()[-1])
                    for bundle in ([], [path])
                ]
                for _ in range(_TIMES)
            ]
        except (subprocess.SubprocessError, ValueError, IndexError):
            return None
    without = min(plain for plain, _ in pairs)
    return max(0.0, without - min(bundled for _, bundled in pairs))


def judge_bundle(name: str, problem: str | None) -> list[Finding]:
    """Return the finding about the bundle that is there, if it has a problem."""
    if problem is None:
        return []
    return [warning(f"the bundle: {problem}", f"make it again: lambda-ric bundle {name}")]


def _run(module: str, *arguments: str, environ: Mapping[str, str]) -> str:
    """Run a module of ours, and return what it has written to stderr."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_PATIENCE,
        check=True,
    )
    return done.stderr.decode("utf-8", "replace")
