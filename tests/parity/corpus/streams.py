"""Standard output and error: what print and its kin leave in the log, and in which order."""

from __future__ import annotations

from tests.parity.scenario import PYTHON_3_12, Scenario, excuse, functions_of

WAYS = functions_of("output.py")
DIFFERS = {"write": excuse("write-returns-a-count", "stdout")}

SCENARIOS = [
    Scenario("output", "output.handler", WAYS, PYTHON_3_12, DIFFERS),
    Scenario("output framed", "output.handler", WAYS, PYTHON_3_12, DIFFERS, framed=True),
]
