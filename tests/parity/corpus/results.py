"""From a handler's result to the posted bytes."""

from __future__ import annotations

import runpy

from tests.parity.scenario import PYTHON_3_12, Scenario, excuse, named
from tests.support.paths import HANDLERS

RESULTS = named(*runpy.run_path(str(HANDLERS / "results.py"))["RESULTS"])

SURROGATES = {name: RESULTS.pop(name) for name in list(RESULTS) if "surrogate" in name}

BEYOND_ASCII = ["escapes", "non-ascii", "astral", "nested bytes"]
RELATED = {"asdict raises": excuse("related-exceptions", "stdout")}

SCENARIOS = [
    Scenario("result", "results.handler", RESULTS, PYTHON_3_12, RELATED),
    Scenario(
        "result in ASCII",
        "results.handler",
        RESULTS,
        differs=RELATED | dict.fromkeys(BEYOND_ASCII, excuse("raw-utf-8", "posts")),
    ),
    *[
        Scenario(
            f"result with {name}",
            "results.handler",
            {name: event},
            PYTHON_3_12,
            {name: excuse("lone-surrogate", "exit code", "posts", "headers", "stdout", "stderr")},
        )
        for name, event in SURROGATES.items()
    ],
    Scenario(
        "surrogate in ASCII",
        "results.handler",
        SURROGATES,
        differs=dict.fromkeys(SURROGATES, excuse("lone-surrogate", "posts", "headers", "stdout")),
    ),
]
