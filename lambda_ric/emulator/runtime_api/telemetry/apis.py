"""The two APIs by which extensions subscribe, and how they refuse a request.

Sources: "Lambda Telemetry API reference" and "Lambda Logs API" in the AWS Lambda developer guide.
"""

from __future__ import annotations

from typing import NamedTuple

from lambda_ric.emulator.log.platform_events import LOGS_SUBSCRIPTION, TELEMETRY_SUBSCRIPTION


class Api(NamedTuple):
    """One of the two APIs; `schemas` begins with the oldest."""

    name: str
    path: str
    schemas: tuple[str, ...]
    default_schema: str  # "": a request has to name one
    error_prefix: str
    event: str
    """The type of the event for a subscription."""


TELEMETRY = Api(
    "Telemetry",
    "/2022-07-01/telemetry",
    ("2022-07-01", "2022-12-13", "2025-01-29"),
    "",
    "",
    TELEMETRY_SUBSCRIPTION,
)
LOGS = Api(
    "Logs",
    "/2020-08-15/logs",
    ("2020-08-15", "2021-03-18"),
    "2020-08-15",
    "Logs.",
    LOGS_SUBSCRIPTION,
)


class InvalidRequest(Exception):
    """The request is wrong; the text says all that is wrong with it."""
