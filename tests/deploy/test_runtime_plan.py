"""Plans for customer-managed runtimes: which calls, with which members, in which order."""

from __future__ import annotations

from typing import Any

import pytest

from lambda_ric.deploy.runtime_plan import Existing, PlanError, Wanted, plan

GA = {"ReleaseState": "GA"}
RUNTIME = {"Name": "python", "State": "ACTIVE"}
VERSION = {"Name": "v1", "State": "ACTIVE", "ResolvedUri": "repository@sha256:1"}
ALIAS = {"Name": "stable", "State": "ACTIVE", "RuntimeVersion": "v1"}


def existing(
    runtime: dict[str, Any] | None = None, alias: dict[str, Any] | None = None
) -> Existing:
    return Existing({**RUNTIME, **(runtime or {})}, VERSION, {"stable": {**ALIAS, **(alias or {})}})


def calls(wanted: Wanted, there: Existing) -> list[tuple[str, dict[str, Any]]]:
    named = ("RuntimeName", "Name")
    return [
        (step.operation, {key: it for key, it in step.parameters.items() if key not in named})
        for step in plan(wanted, there)
    ]


def alias_of(**members: Any) -> Wanted:
    return Wanted("python", version="v1", aliases=("stable",), alias=members)


def test_an_update_of_an_alias_repeats_what_it_would_remove() -> None:
    there = existing(alias={"Description": "for all", "ReleaseLifecycle": GA})
    wanted = Wanted("python", version="v2", image="repository:2", aliases=("stable",))
    moving = Existing(there.runtime, None, there.aliases)
    assert calls(wanted, moving)[-1] == (
        "UpdateRuntimeAlias",
        {"RuntimeVersion": "v2", "Description": "for all", "ReleaseLifecycle": GA},
    )


def test_an_alias_moves_and_changes_in_one_call() -> None:
    wanted = Wanted("python", version="v1", aliases=("stable",), alias={"Description": "new"})
    (step,) = plan(wanted, existing(alias={"RuntimeVersion": "v0"}))
    assert step.sentence == (
        "move the alias stable from v0 to v1 and change Description of the alias stable"
    )


def test_an_alias_changes_without_a_version_to_move_to() -> None:
    wanted = Wanted("python", aliases=("stable",), alias={"ReleaseLifecycle": GA})
    assert calls(wanted, existing()) == [
        ("UpdateRuntimeAlias", {"RuntimeVersion": "v1", "ReleaseLifecycle": GA})
    ]
    with pytest.raises(PlanError, match="the alias stable does not exist; name the version"):
        plan(wanted, Existing(RUNTIME))


@pytest.mark.parametrize("state", ["CREATING", "UPDATING"])
def test_an_alias_that_is_changing_is_awaited_before_it_moves(state: str) -> None:
    steps = plan(alias_of(), existing(alias={"State": state, "RuntimeVersion": "v0"}))
    assert [step.operation for step in steps] == ["GetRuntimeAlias", "UpdateRuntimeAlias"]


@pytest.mark.parametrize(
    ("there", "given", "result"),
    [
        ({}, {"DeprecationDate": None}, None),
        ({"DeprecationDate": "2030-01-01"}, {"DeprecationDate": None}, {}),
        ({**GA, "DeprecationDate": "2030-01-01"}, {"DeprecationDate": None}, GA),
        ({**GA}, {"ReleaseState": "GA"}, None),
        (
            {"ReleaseState": "DEPRECATED", "DeprecationDate": "2020-01-01"},
            {"DeprecationDate": "2030-01-01"},
            {"DeprecationDate": "2030-01-01"},
        ),
        (
            {"ReleaseState": "DEPRECATED", "DeprecationDate": "2020-01-01"},
            {"FunctionUpdateBlockDate": "2030-01-01"},
            {
                "ReleaseState": "DEPRECATED",
                "DeprecationDate": "2020-01-01",
                "FunctionUpdateBlockDate": "2030-01-01",
            },
        ),
    ],
)
def test_a_lifecycle_is_laid_over_the_one_that_is_there(
    there: dict[str, Any], given: dict[str, Any], result: dict[str, Any] | None
) -> None:
    sent = [] if result is None else [result]
    wanted = Wanted("python", runtime={"ReleaseLifecycle": given})
    of_runtime = calls(wanted, existing(runtime={"ReleaseLifecycle": there}))
    assert [members["ReleaseLifecycle"] for _, members in of_runtime] == sent
    of_alias = calls(alias_of(ReleaseLifecycle=given), existing(alias={"ReleaseLifecycle": there}))
    assert [members["ReleaseLifecycle"] for _, members in of_alias] == sent


def test_an_empty_description_of_nothing_is_no_change() -> None:
    assert calls(Wanted("python", runtime={"Description": ""}), existing()) == []
    there = existing(runtime={"Description": "old"})
    assert calls(Wanted("python", runtime={"Description": ""}), there) == [
        ("UpdateRuntime", {"Description": ""})
    ]
