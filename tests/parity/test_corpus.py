"""Every case of the corpus ends the same under awslambdaric and under lambda_ric."""

from __future__ import annotations

import sys
from functools import cache

import pytest

from tests.parity.comparison import differences
from tests.parity.corpus import NAMES_OF_INDEPENDENT, NAMES_OF_MEASURED, SCENARIOS
from tests.parity.rows import documented_rows
from tests.parity.runtimes import Outcome, run_both
from tests.parity.scenario import Scenario

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def marks(scenario: Scenario) -> list[pytest.MarkDecorator]:
    chosen = [
        (NAMES_OF_INDEPENDENT, pytest.mark.independent),
        (NAMES_OF_MEASURED, pytest.mark.measured),
    ]
    return [mark for names, mark in chosen if scenario.name in names]


@cache
def outcomes(name: str) -> tuple[dict[str, Outcome], dict[str, Outcome]]:
    return run_both(BY_NAME[name])


@pytest.mark.parametrize(
    ("scenario", "case"),
    [
        pytest.param(scenario, case, id=f"{scenario.name}: {case}", marks=marks(scenario))
        for scenario in SCENARIOS
        for case in scenario.cases
        if sys.version_info >= scenario.since
    ],
)
def test_both_runtimes_do_the_same(scenario: Scenario, case: str) -> None:
    theirs, ours = outcomes(scenario.name)
    found = differences(theirs.get(case), ours.get(case))
    excuse = scenario.differs.get(case)
    if excuse is None:
        assert not found, "\n".join(found.values())
    else:
        different = "\n".join(found.values())
        assert set(found) == excuse.aspects, f"row {excuse.row} excuses other than:\n{different}"


def test_every_excuse_names_a_documented_row_and_a_case() -> None:
    for scenario in SCENARIOS:
        assert set(scenario.differs) <= set(scenario.cases)
        assert {excuse.row for excuse in scenario.differs.values()} <= documented_rows()


def test_only_scenarios_are_measured() -> None:
    assert set(BY_NAME) >= NAMES_OF_MEASURED


def test_the_corpus_is_not_empty_by_mistake() -> None:
    assert len(BY_NAME) == len(SCENARIOS)
    assert sum(len(scenario.cases) for scenario in SCENARIOS) > 400
