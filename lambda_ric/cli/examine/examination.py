"""The examination: evaluates the probe, the import times and the folder."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lambda_ric.cli.examine.import_times import Import, read_imports, slowest
from lambda_ric.cli.examine.lambda_environment import for_probe, lambda_environment
from lambda_ric.cli.examine.probe import MARK
from lambda_ric.cli.examine.start_costs import (
    WORTH_A_BUNDLE,
    StartCosts,
    judge_bundle,
    time_saved_by_a_bundle,
)
from lambda_ric.cli.examine.task_root import TaskRoot, examine_task_root, size_of
from lambda_ric.deploy.finding import Finding, error, warning

INIT_LIMIT = 10
"""Seconds after which Lambda stops an initialization (Lambda developer guide, "Init phase")."""

_PATIENCE = 60
_SHOWN = 5
_ARCHITECTURES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass
class Examination:
    """All findings about a handler; `handler` or `failure` is None."""

    name: str
    handler: dict[str, Any] | None
    failure: dict[str, Any] | None
    init_seconds: float
    imports: list[Import]
    start: StartCosts
    packages: dict[str, int]
    task_root: TaskRoot
    environment: dict[str, str]
    findings: list[Finding]

    def to_json(self) -> dict[str, Any]:
        """Return the dict that `--json` prints."""
        return {
            "name": self.name,
            "handler": self.handler,
            "error": self.failure,
            "init": {
                "seconds": round(self.init_seconds, 4),
                "slowest_imports": [
                    {"module": entry.module, "seconds": round(entry.seconds, 4)}
                    for entry in self.imports
                ],
                **self.start.to_json(),
            },
            "packages": self.packages,
            "task_root": vars(self.task_root),
            "python": python_version(),
            "architecture": architecture(),
            "environment": self.environment,
            "findings": [
                {"level": found.level.value, "problem": found.problem, "remedy": found.remedy}
                for found in self.findings
            ],
        }


class ProbeFailed(Exception):
    """The process that loads the handler ended without a report, or did not end."""


def examine(name: str, variables: Mapping[str, str]) -> Examination:
    """Examine the handler of a name in the current folder. Raises ProbeFailed.

    `variables` are the environment variables of the function.
    """
    folder = Path.cwd()
    found, lines = _probe(name, folder, variables)
    modules: dict[str, str] = found["modules"]
    task_root = examine_task_root(folder)
    imports = read_imports(lines)
    start = StartCosts(imports, found["collections"], found["collecting"], found["compiled"])
    if found["error"] is None and found["seconds"] >= WORTH_A_BUNDLE:
        start.bundle_saves = time_saved_by_a_bundle(name, _environment(name, folder, variables))
    return Examination(
        name=name,
        handler=found["handler"],
        failure=found["error"],
        init_seconds=found["seconds"],
        imports=slowest(imports, lambda module: _is_own(modules.get(module), folder), _SHOWN),
        start=start,
        packages=_largest_packages(modules),
        task_root=task_root,
        environment=lambda_environment(name, "/var/task"),
        findings=[
            *_judge_handler(found),
            *_judge_init(found["seconds"]),
            *_judge_root(task_root),
            *judge_bundle(name, found["bundle"]),
        ],
    )


def python_version() -> str:
    """Return the running Python, which is most likely that of the image."""
    return f"{platform.python_implementation()} {platform.python_version()}"


def architecture() -> str:
    """Return Lambda's name of the architecture."""
    return _ARCHITECTURES.get(platform.machine(), platform.machine())


def _environment(name: str, folder: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a probe, which must not write the bytecode that is missing."""
    given = {**os.environ, **variables, "PYTHONDONTWRITEBYTECODE": "1"}
    return for_probe(given, name, str(folder))


def _probe(
    name: str, folder: Path, variables: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    with tempfile.TemporaryDirectory() as directory:
        output = os.path.join(directory, "probe.json")
        command = [sys.executable, "-X", "importtime", "-m", "lambda_ric.cli.examine.probe"]
        try:
            done = subprocess.run(
                [*command, name, output],
                env=_environment(name, folder, variables),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ProbeFailed(f"the import of {name} has not ended after {_PATIENCE} s") from None
        written = done.stderr.decode("utf-8", "replace").splitlines()
        if not os.path.exists(output):
            said = [line for line in written if not line.startswith("import time:")]
            last = said[-1] if said else f"exit code {done.returncode}"
            raise ProbeFailed(f"the import of {name} ended the process: {last}")
        with open(output, encoding="utf-8") as file:
            found = json.load(file)
    begin = written.index(MARK)
    return found, written[begin + 1 : written.index(MARK, begin + 1)]


def _judge_handler(found: dict[str, Any]) -> list[Finding]:
    failure, handler = found["error"], found["handler"]
    if failure is None:
        if handler["problem"] is None:
            return []
        return [
            error(
                f"the handler: {handler['problem']}",
                "name an object of the class, or a function"
                if handler["kind"] == "class"
                else "write it as def handler(event, context)",
            )
        ]
    remedies = {
        "Runtime.HandlerNotFound": f"the module has: {', '.join(failure['candidates']) or '-'}",
        "Runtime.MalformedHandlerName": "write module.function, or main:app for an application",
        "Runtime.BuiltInModuleConflict": "rename the module: one of that name is built into Python",
        "Runtime.ImportModuleError": "run this in the module's folder; the packages that "
        "it imports must be installed here and in the image",
    }
    remedy = remedies.get(failure["errorType"], "see the stack trace")
    return [error(f"{failure['errorType']}: {failure['errorMessage']}", remedy)]


def _judge_init(seconds: float) -> list[Finding]:
    if seconds <= INIT_LIMIT:
        return []
    return [
        error(
            f"loading the handler takes {seconds:.1f} s; Lambda stops it after {INIT_LIMIT} s, and "
            "starts it again within the first invocation",
            "import slow modules where they are used, or avoid them",
        )
    ]


def _judge_root(root: TaskRoot) -> list[Finding]:
    findings = []
    if root.unreadable:
        shown = ", ".join(root.unreadable[:_SHOWN])
        more = len(root.unreadable) - _SHOWN
        findings.append(
            error(
                "Lambda runs functions as another user, who cannot read "
                + (f"{shown} and {more} more" if more > 0 else shown),
                "chmod -R a+rX . (or COPY --chmod=a+rX in the Dockerfile)",
            )
        )
    if root.shadowing:
        findings.append(
            warning(
                f"{', '.join(root.shadowing)} hide modules of Python's standard library",
                "rename them: libraries that import the hidden modules get yours instead",
            )
        )
    return findings


def _is_own(place: str | None, folder: Path) -> bool:
    if place is None or "site-packages" in place or "dist-packages" in place:
        return False
    return Path(place).is_relative_to(folder)


def _largest_packages(modules: dict[str, str]) -> dict[str, int]:
    """Return the size in bytes of the largest installed packages that the handler has loaded."""
    installed = {
        name: size_of(place)
        for name, place in modules.items()
        if "." not in name and ("site-packages" in place or "dist-packages" in place)
    }
    return dict(sorted(installed.items(), key=lambda item: item[1], reverse=True)[:_SHOWN])
