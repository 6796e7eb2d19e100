"""AWS's conformance package as the judge: which requirements it has, and who meets them.

The package deploys to AWS before it judges, so only its judging part is used here. It asks for an
invoker and for clients of AWS; a contestant provides both.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Protocol

import aws_durable_execution_conformance_tests as package
import yaml
from aws_durable_execution_conformance_tests.sam import InvocationResult
from aws_durable_execution_conformance_tests.validate import validate_description

SUITES = (
    "step",
    "wait",
    "child",
    "callback",
    "invoke",
    "wait_for_condition",
    "wait_for_callback",
    "map",
    "parallel",
)

REGION = "us-east-1"

Document = dict[str, Any]


class Requirement(NamedTuple):
    """One requirement, such as "1-2" of the suite "step"."""

    suite: str
    name: str
    file: Path


class Verdict(NamedTuple):
    """What the judge says; without errors, the requirement is met."""

    requirement: Requirement
    errors: list[str]


class Contestant(Protocol):
    """A service that runs executions."""

    @property
    def client(self) -> Any:
        """A boto3 client of its Lambda API."""

    def start(self, requirement: Requirement, event: str, *, wait: bool) -> str:
        """Start an execution with an input in JSON, and return its ARN, after its end if asked."""


def requirements(suites: Iterable[str]) -> list[Requirement]:
    """Return the requirements of some suites, in the order of their numbers."""
    folder = Path(package.__file__).parent / "test_requirements"
    return [
        Requirement(suite, file.stem, file)
        for suite in suites
        for file in sorted((folder / suite).glob("*.yaml"), key=_number)
    ]


class _Invoker:
    """Starts the executions of one requirement in the way that the judge asks for."""

    stack_name = "none"

    def __init__(self, contestant: Contestant, requirement: Requirement) -> None:
        self._contestant = contestant
        self._requirement = requirement

    def invoke(self, function_name: str, event_file_path: str) -> InvocationResult:
        """Start an execution, and wait for its end."""
        return self._start(event_file_path, wait=True)

    def invoke_async(self, function_name: str, event_file_path: str) -> InvocationResult:
        """Start an execution."""
        return self._start(event_file_path, wait=False)

    def _start(self, event_file: str, *, wait: bool) -> InvocationResult:
        event = json.dumps(json.loads(Path(event_file).read_text())["Input"])
        arn = self._contestant.start(self._requirement, event, wait=wait)
        output = json.dumps({"DurableExecutionArn": arn})
        return InvocationResult(True, "", output, "", self._requirement.suite)


def _number(file: Path) -> int:
    return int(file.stem.partition("-")[2])


def verdicts(
    contestant: Contestant,
    judged: Iterable[Requirement],
    *,
    jobs: int,
    excused: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Verdict]:
    """Judge a contestant, with that many requirements at once.

    `excused` names members of events, by the types of the events, that may be missing.
    """
    with (
        TemporaryDirectory() as folder,
        open(os.devnull, "w") as nowhere,
        redirect_stdout(nowhere),  # the judge prints what it does
        ThreadPoolExecutor(jobs) as pool,
    ):

        def judge(requirement: Requirement) -> Verdict:
            document = yaml.safe_load(requirement.file.read_text())
            file = Path(folder) / requirement.file.name
            file.write_text(yaml.safe_dump(_lenient(document, excused or {})))
            result = validate_description(
                function_name=requirement.suite,
                description_id=requirement.name,
                test_file=str(file),
                invoker=_Invoker(contestant, requirement),
                tmp_dir=folder,
                region=REGION,
                aws_clients={"lambda": contestant.client},
                output_dir=folder,  # for the histories, which it writes in any case
            )
            return Verdict(requirement, [] if result.passed else list(map(str, result.errors)))

        return list(pool.map(judge, judged))


def _lenient(document: Document, excused: Mapping[str, tuple[str, ...]]) -> Document:
    """Return a requirement without its assertions on CloudWatch logs and what is excused."""
    document.pop("ExpectedLogs", None)
    for event in document["ExpectedExecutionHistory"]:
        kind = event["EventType"]
        details = event.get(f"{kind}Details")
        for member in excused.get(kind, ()):
            event.pop(member, None)
            if isinstance(details, dict):
                details.pop(member, None)
    return document
