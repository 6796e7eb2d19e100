"""The `logging` module: levels, formats, sinks, ids."""

from __future__ import annotations

from lambda_ric.testing import Event
from tests.parity.scenario import (
    JSON_LOGS,
    PYTHON_3_12,
    Excuse,
    Scenario,
    excuse,
    functions_of,
    named,
)

RECORDS = functions_of("records.py")
LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "CRITICAL", "NOTSET"]
OTHER_LEVELS = ["debug", "Info", "trace", "nonsense", "", "10"]


UNFORMATTED = ["dict_message_with_arguments", "wrong_arguments", "unprintable"]
UNFORMATTED_IN_JSON = [*UNFORMATTED, "extra_bad_key"]


def _failing(names: list[str], log: str = "stdout", *, json: bool = False) -> dict[str, Excuse]:
    """Records that fail the function under awslambdaric."""
    row = "record-that-cannot-be-formatted"
    differs = dict.fromkeys(names, excuse(row, "posts", "headers", "stderr", log))
    if json:
        differs["exception_info_without_one"] = excuse(row, "posts", "headers", log)
    if log == "frames":
        differs["surrogate"] = excuse("lone-surrogate", "posts", "headers", log)
    return differs


def _tenant(name: str) -> Event:
    return Event(name, {"Lambda-Runtime-Aws-Tenant-Id": "tenant-1"})


def _level(level: str, **formats: str) -> dict[str, str]:
    return {"AWS_LAMBDA_LOG_LEVEL": level, **formats}


TENANTS = {
    "given": _tenant("levels"),
    "formatter": _tenant("own_formatter"),
    "record": _tenant("own_handler_sees"),
    "then none": Event("levels"),
}

SCENARIOS = [
    Scenario("log", "records.handler", RECORDS, PYTHON_3_12, _failing(UNFORMATTED)),
    Scenario("log in ASCII", "records.handler", named("unicode", "levels")),
    Scenario(
        "log in JSON",
        "records.handler",
        RECORDS,
        JSON_LOGS,
        _failing(UNFORMATTED_IN_JSON, json=True),
    ),
    Scenario("log at DEBUG", "records.handler", RECORDS, _level("DEBUG"), _failing(UNFORMATTED)),
    Scenario("log framed", "records.handler", RECORDS, {}, _failing(UNFORMATTED, "frames"), True),
    Scenario(
        "log framed in JSON",
        "records.handler",
        RECORDS,
        JSON_LOGS,
        _failing(UNFORMATTED_IN_JSON, "frames", json=True),
        True,
    ),
    Scenario(
        "log framed at INFO",
        "records.handler",
        RECORDS,
        _level("INFO"),
        _failing(UNFORMATTED, "frames"),
        True,
    ),
    *[
        Scenario(f"log level {level!r}", "records.handler", named("levels", "state"), _level(level))
        for level in (*LEVELS, *OTHER_LEVELS)
    ],
    *[
        Scenario(
            f"log level {level!r} in JSON",
            "records.handler",
            named("levels", "state"),
            _level(level, **JSON_LOGS),
        )
        for level in LEVELS
    ],
    *[
        Scenario(
            f"log format {format!r}",
            "records.handler",
            named("extra"),
            {"AWS_LAMBDA_LOG_FORMAT": format},
        )
        for format in ("json", "Json", "Text", "", "yaml")
    ],
    Scenario("log of a tenant", "records.handler", TENANTS),
    Scenario("log of a tenant in JSON", "records.handler", TENANTS, JSON_LOGS),
]
