"""The configuration of a function, and the names that callers can use for it.

Source: the `FunctionName` and `Qualifier` parameters of Invoke in the Lambda API reference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lambda_ric.aws.region import partition_of

ACCOUNT = "012345678912"
"""The account that local functions belong to, the one that AWS's emulator uses."""

LATEST = "$LATEST"

_NAME = re.compile(
    r"(?:arn:(?:aws[a-zA-Z-]*)?:lambda:(?P<arn_region>[a-z0-9-]+):\d{12}:"
    r"|(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?)"
    r"(?:function:)?(?P<name>[a-zA-Z0-9-_.]+)"
    r"(?::(?P<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)
_QUALIFIER = re.compile(r"\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_$]+")
_VERSION = re.compile(r"\d+|\$LATEST(?:\.PUBLISHED)?")


@dataclass(frozen=True)
class FunctionConfig:
    """The configuration of a function. Times are in seconds, memory in mebibytes.

    `command` is the runtime client; `handler` may be "" when the command knows it. `environment`
    is what the function's process gets, by default the emulator's own, and the platform's variables
    on top.
    """

    name: str = "test_function"
    handler: str = ""
    command: tuple[str, ...] = ()
    version: str = LATEST
    timeout: float = 300.0
    init_limit: float = 10.0  # after that, it loads again within the first invocation
    snap_start: bool = False
    memory: int = 3_008
    limit_memory: bool = True
    concurrency: int = 10
    throttle: bool = False
    directory: str | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    runtime_api: tuple[str, int] | None = None  # address of the first environment's API

    @property
    def region(self) -> str:
        """The region that the function believes to be in."""
        given = self.environment
        return given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION") or "us-east-1"

    def arn(self, qualifier: str | None = None) -> str:
        """Return the ARN; it carries a qualifier only if the caller used one."""
        return f"{self._arn}:{qualifier}" if qualifier else self._arn

    @cached_property
    def _arn(self) -> str:
        partition = partition_of(self.region).name
        return f"arn:{partition}:lambda:{self.region}:{ACCOUNT}:function:{self.name}"

    def executed_version(self, qualifier: str | None) -> str:
        """Return the version that an invoke runs: aliases all lead to the one there is."""
        if qualifier and _VERSION.fullmatch(qualifier):
            return qualifier
        return self.version


def parse_name(text: str, qualifier: str | None = None) -> tuple[str, str | None]:
    """Split a function's name, partial ARN or ARN into its bare name and its qualifier.

    `qualifier` is the one given apart, in the query. Raises ValueError, with Lambda's words, for
    what names no function and for two qualifiers that differ.
    """
    match = _NAME.fullmatch(text)
    if match is None or len(text) > 256:
        raise ValueError(
            f"1 validation error detected: Value '{text[:300]}' at 'functionName' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern of a function name"
        )
    if qualifier and not _QUALIFIER.fullmatch(qualifier):
        raise ValueError(
            f"1 validation error detected: Value '{qualifier[:300]}' at 'qualifier' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern of a qualifier"
        )
    in_name = match["qualifier"]
    if in_name and qualifier and in_name != qualifier:
        raise ValueError(
            "The derived qualifier from the function name does not match the specified qualifier."
        )
    return match["name"], in_name or qualifier or None
