"""The configuration of a function."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypedDict

from lambda_ric.aws.region import partition_of

ACCOUNT = "012345678912"
"""The account that local functions belong to, the one that AWS's emulator uses."""

MAX_EXTENSIONS = 10
"""Extensions that an environment may have, external and internal."""

MOST_RETRIES = 2
"""How often a failed Event invoke can be retried."""

EVENT_AGES = (60, 21_600)
"""The range of the maximum age of an event, in seconds."""

LATEST = "$LATEST"

_COLONS_OF_AN_ARN = 6
_BARE_NAME = re.compile(r"[a-zA-Z0-9-_.]{1,140}")
_REGION = re.compile(r"[a-zA-Z0-9-]+")
_EXTENSION = re.compile(r"(?P<name>[\w.-]+)=(?P<command>.*)", re.DOTALL)
_VERSION = re.compile(r"\d+|\$LATEST(?:\.PUBLISHED)?")


class ExternalExtension(NamedTuple):
    """A process that runs beside the runtime, and registers under its name."""

    name: str
    command: tuple[str, ...]


class FunctionOptions(TypedDict, total=False):
    """The options of a function, as the test kit takes them; see the fields of FunctionConfig."""

    name: str
    version: str
    timeout: float
    memory: int
    limit_memory: bool
    concurrency: int
    throttle: bool
    tenant_isolation: bool
    extensions: Sequence[str]
    snap_start: bool
    maximum_retry_attempts: int
    maximum_event_age: int
    on_success: str
    on_failure: str


def inherited_environment() -> dict[str, str]:
    """Return the variables of this process that a function inherits.

    The time zone is left out: on a developer's machine, it is that of the developer.
    """
    return {name: value for name, value in os.environ.items() if name != "TZ"}


def _option(default: Any, meaning: str, *, variable: str = "", flag: str = "") -> Any:
    """Declare an option: the command line takes its meaning, and its default, from here.

    `variable` is the environment variable that AWS's emulator takes the value from. `flag` is how
    the command line writes an option that is on or off.
    """
    return field(default=default, metadata={"meaning": meaning, "variable": variable, "flag": flag})


LONGEST_EXECUTION = 31_622_400
"""Seconds that an execution may take at most; a leap year."""

LONGEST_RETENTION = 90
"""Days that an execution can be kept after its end."""


@dataclass(frozen=True)
class DurableConfig:
    """How a function is durable: how long an execution may take, and is kept after its end.

    Raises ValueError for what Lambda would refuse.
    """

    execution_timeout: int = LONGEST_EXECUTION  # seconds
    retention_days: int = 14

    def __post_init__(self) -> None:
        if not 1 <= self.execution_timeout <= LONGEST_EXECUTION:
            raise ValueError(f"an execution may take 1 to {LONGEST_EXECUTION} seconds")
        if not 1 <= self.retention_days <= LONGEST_RETENTION:
            raise ValueError(f"executions are kept for 1 to {LONGEST_RETENTION} days")


@dataclass(frozen=True)
class FunctionConfig:
    """The configuration of a function. Times are in seconds, memory in mebibytes.

    `command` is the runtime client; `handler` may be "" when the command knows it. `environment`
    is what the function's process gets, by default the emulator's own, and the platform's variables
    on top. `own_environment` is the part of it that was set for this function, which the Lambda API
    shows. If it is `durable`, each invoke starts an execution, which may be long.

    Raises ValueError for a name, a region or a variable that no process could be given, and for
    numbers that Lambda would refuse.
    """

    name: str = _option("test_function", "name", variable="AWS_LAMBDA_FUNCTION_NAME")
    handler: str = ""
    command: tuple[str, ...] = ()
    version: str = LATEST
    timeout: float = _option(
        300.0, "seconds an invocation may take", variable="AWS_LAMBDA_FUNCTION_TIMEOUT"
    )
    init_limit: float = 10.0  # after that, it loads again within the first invocation
    snap_start: bool = _option(
        False,
        "simulate a snapshot and its restore in every environment, and run the hooks",
        flag="snapstart",
    )
    memory: int = _option(3_008, "memory in mebibytes", variable="AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
    limit_memory: bool = _option(
        True, "do not end the function when it uses more than --memory", flag="no-memory-limit"
    )
    concurrency: int = _option(10, "maximum number of execution environments; further invokes wait")
    throttle: bool = _option(
        False, "answer 429 to further invokes, as Lambda does", flag="throttle"
    )
    tenant_isolation: bool = _option(
        False, "give each tenant execution environments of its own", flag="tenant-isolation"
    )
    maximum_retry_attempts: int = _option(
        MOST_RETRIES, "how often a failed Event invoke is retried, from 0 to 2"
    )
    maximum_event_age: int = _option(
        EVENT_AGES[1], "seconds after which an Event invoke is not tried again"
    )
    on_success: str = _option(
        "", "send records of Event invokes that succeed to a function, SQS queue or SNS topic"
    )
    on_failure: str = _option("", "the same for Event invokes that fail")
    extensions: Sequence[str] = ()  # each a command in shell words, or NAME=COMMAND
    directory: str | None = None
    environment: Mapping[str, str] = field(default_factory=inherited_environment)
    own_environment: Mapping[str, str] = field(default_factory=dict)
    durable: DurableConfig | None = None
    runtime_api: tuple[str, int] | None = None  # address of the first environment's API

    def __post_init__(self) -> None:
        """Raise ValueError for what no process could be given."""
        if not _BARE_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a function's name: letters, digits, - _ .")
        if not _REGION.fullmatch(self.region):
            raise ValueError(f"{self.region!r} is not a region")
        for name, value in self.environment.items():
            if "\0" in name + value:
                raise ValueError(f"the variable {name!r} holds a NUL character")
        if not 0 <= self.maximum_retry_attempts <= MOST_RETRIES:
            raise ValueError(f"maximum retry attempts are 0 to {MOST_RETRIES}")
        if not EVENT_AGES[0] <= self.maximum_event_age <= EVENT_AGES[1]:
            raise ValueError(f"a maximum event age is {EVENT_AGES[0]} to {EVENT_AGES[1]} seconds")
        names = [extension.name for extension in self.external_extensions]
        is_complete = all(all(extension) for extension in self.external_extensions)
        if not is_complete or len(set(names)) < len(names):
            raise ValueError(f"extensions need a command and names that differ: {names}")
        if len(names) > MAX_EXTENSIONS:
            raise ValueError(f"{len(names)} extensions are more than {MAX_EXTENSIONS}")

    @cached_property
    def external_extensions(self) -> tuple[ExternalExtension, ...]:
        """The external extensions; one without a name has that of its file."""
        found = []
        for text in self.extensions:
            named = _EXTENSION.fullmatch(text)
            try:
                words = tuple(shlex.split(named["command"] if named else text))
            except ValueError as error:
                raise ValueError(f"the extension {text!r} cannot be read: {error}") from None
            name = named["name"] if named else os.path.basename(words[0]) if words else ""
            found.append(ExternalExtension(name, words))
        return tuple(found)

    @property
    def region(self) -> str:
        """The region that the function finds in its variables."""
        given = self.environment
        return given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION") or "us-east-1"

    def arn(self, qualifier: str | None = None) -> str:
        """Return the ARN; it carries a qualifier only if the caller used one."""
        return f"{self._arn}:{qualifier}" if qualifier else self._arn

    def invoked_arn(self, text: str, qualifier: str | None) -> str:
        """Return the ARN for the name that a caller used; a whole ARN stays as it is."""
        if not text.startswith("arn:"):
            return self.arn(qualifier)
        qualified = text.count(":") > _COLONS_OF_AN_ARN
        return f"{text}:{qualifier}" if qualifier and not qualified else text

    @cached_property
    def _arn(self) -> str:
        partition = partition_of(self.region).name
        return f"arn:{partition}:lambda:{self.region}:{ACCOUNT}:function:{self.name}"

    def executed_version(self, qualifier: str | None) -> str:
        """Return the version that an invoke runs: every alias leads to the only version."""
        if qualifier and _VERSION.fullmatch(qualifier):
            return qualifier
        return self.version
