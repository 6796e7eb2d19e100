"""What must be done so that a customer-managed runtime is as wanted: a plan, made of values alone.

The plan depends only on what there is, so a publication that was interrupted goes on where it
stopped, and one that is complete has an empty plan. Source: the operations CreateRuntime,
CreateRuntimeVersion, CreateRuntimeAlias and their updates in the AWS Lambda Core API reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Description = Mapping[str, Any]
"""A resource, or the parameters of an operation, under the names of the API."""


class PlanError(Exception):
    """What is wanted contradicts what there is; the message says why, and what to do."""


@dataclass(frozen=True)
class Wanted:
    """A runtime as it shall be.

    `runtime` and `alias` have the members of CreateRuntime and CreateRuntimeAlias that are given;
    all `aliases` get the same. A date of a ReleaseLifecycle that is None shall be removed.
    """

    name: str
    runtime: Description = field(default_factory=dict)
    version: str = ""
    image: str = ""
    release_notes: str = ""
    aliases: tuple[str, ...] = ()
    alias: Description = field(default_factory=dict)


@dataclass(frozen=True)
class Existing:
    """What there is: responses of the Get operations, None or missing for what is not there."""

    runtime: Description | None = None
    version: Description | None = None
    aliases: Mapping[str, Description] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One call of an operation. `waits_for` is what must be active afterwards, if anything."""

    sentence: str
    operation: str
    parameters: Description
    waits_for: str = ""


VERSION, ALIAS = "version", "alias"


def plan(wanted: Wanted, existing: Existing) -> list[Step]:
    """Return the steps, in their order. Raises PlanError if no steps could lead there."""
    return [
        *_runtime_steps(wanted, existing.runtime),
        *_version_steps(wanted, existing.version),
        *(step for alias in wanted.aliases for step in _alias_steps(wanted, existing, alias)),
    ]


def dry_run(wanted: Wanted) -> Step:
    """Return the call that lets Lambda examine the image, and creates nothing."""
    parameters = {**_version_parameters(wanted), "DryRun": True}
    return Step(f"let Lambda examine {wanted.image}", "CreateRuntimeVersion", parameters)


def _runtime_steps(wanted: Wanted, there: Description | None) -> Iterator[Step]:
    if there is None:
        parameters = {"Name": wanted.name, **_changed(wanted.runtime, {})}
        yield Step(f"create the runtime {wanted.name}", "CreateRuntime", parameters)
        return
    _refuse_state(f"the runtime {wanted.name}", there, "it can be restored with RestoreRuntime")
    changed = _changed(wanted.runtime, there)
    if changed:
        kept = ("Description", "LicenseInfo", "ReleaseLifecycle")  # an update removes what it lacks
        parameters = {"RuntimeName": wanted.name, **_members(there, kept), **changed}
        sentence = f"change {_listed(changed)} of the runtime {wanted.name}"
        yield Step(sentence, "UpdateRuntime", parameters)


def _version_steps(wanted: Wanted, there: Description | None) -> Iterator[Step]:
    label = f"the version {wanted.version}"
    if not wanted.version:
        return
    if there is None:
        if not wanted.image:
            raise PlanError(f"{label} does not exist; name the image that it is made of: --image")
        yield dry_run(wanted)
        sentence = f"create {label} from {wanted.image}"
        parameters = _version_parameters(wanted)
        yield Step(sentence, "CreateRuntimeVersion", parameters, waits_for=VERSION)
        return
    _refuse_state(label, there, "choose another name for a new version")
    resolved = there["ResolvedUri"]
    if "@" in wanted.image and _digest(wanted.image) != _digest(resolved):
        raise PlanError(
            f"{label} exists with another image, {resolved}; versions cannot be changed, so "
            "choose another name for a new one"
        )
    notes = wanted.release_notes
    if there.get("State") == "CREATING":
        parameters = {"RuntimeName": wanted.name, "Name": wanted.version}
        yield Step(f"wait for {label}", "GetRuntimeVersion", parameters, waits_for=VERSION)
    if notes and there.get("ReleaseNotes") != notes:
        parameters = {**_named(wanted, wanted.version), "ReleaseNotes": notes}
        yield Step(f"change the release notes of {label}", "UpdateRuntimeVersion", parameters)


def _alias_steps(wanted: Wanted, existing: Existing, alias: str) -> Iterator[Step]:
    label, there = f"the alias {alias}", existing.aliases.get(alias)
    if there is None:
        if not wanted.version:
            raise PlanError(f"{label} does not exist; name the version that it leads to: --version")
        parameters = {**_named(wanted, alias), "RuntimeVersion": wanted.version}
        parameters |= _changed(wanted.alias, {})
        sentence = f"create {label} for {wanted.version}"
        yield Step(sentence, "CreateRuntimeAlias", parameters, waits_for=ALIAS)
        return
    _refuse_state(label, there, "it can be restored with RestoreRuntime")
    if there.get("State") in ("CREATING", "UPDATING"):
        yield Step(f"wait for {label}", "GetRuntimeAlias", _named(wanted, alias), waits_for=ALIAS)
    before, changed = there["RuntimeVersion"], _changed(wanted.alias, there)
    version = wanted.version or before
    deeds = [f"move {label} from {before} to {version}"] if version != before else []
    if changed:
        deeds.append(f"change {_listed(changed)} of {label}")
    if deeds:
        parameters = {**_named(wanted, alias), "RuntimeVersion": version}
        parameters |= {**_own_members(there, existing.runtime or {}), **changed}
        yield Step(" and ".join(deeds), "UpdateRuntimeAlias", parameters, waits_for=ALIAS)


def _version_parameters(wanted: Wanted) -> dict[str, Any]:
    parameters = {**_named(wanted, wanted.version), "ImageUri": wanted.image}
    if wanted.release_notes:
        parameters["ReleaseNotes"] = wanted.release_notes
    return parameters


def _named(wanted: Wanted, name: str) -> dict[str, str]:
    return {"RuntimeName": wanted.name, "Name": name}


def _refuse_state(what: str, there: Description, remedy: str) -> None:
    if there.get("State") in ("FAILED", "DELETING", "PENDING_DELETION"):
        raise PlanError(f"{what} is {there['State']}; {remedy}")


def _members(there: Description, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: there[name] for name in names if there.get(name)}


def _own_members(alias: Description, runtime: Description) -> dict[str, Any]:
    """Return what an update of the alias must repeat, because it removes what it lacks.

    An alias without a lifecycle has its runtime's, and must not get a copy, which would stay when
    the runtime's changes.
    """
    own = _members(alias, ("Description", "ReleaseLifecycle"))
    if own.get("ReleaseLifecycle") == runtime.get("ReleaseLifecycle"):
        own.pop("ReleaseLifecycle", None)
    return own


def _changed(wanted: Description, there: Description) -> dict[str, Any]:
    """Return the wanted members that differ from what there is."""
    return {
        name: value
        for name, value in _settled(wanted, there).items()
        if (value or None) != (there.get(name) or None)
    }


def _settled(wanted: Description, there: Description) -> dict[str, Any]:
    """Return the wanted members, with a lifecycle whose other parts stay as they are."""
    return {
        name: _lifecycle(there.get(name) or {}, value) if name == "ReleaseLifecycle" else value
        for name, value in wanted.items()
    }


def _lifecycle(there: Description, wanted: Description) -> dict[str, Any]:
    """Put a lifecycle over another one.

    DEPRECATED is what Lambda reports once the date has come, and contradicts another date.
    """
    merged = {**there, **wanted}
    new_date = merged.get("DeprecationDate") != there.get("DeprecationDate")
    if new_date and "ReleaseState" not in wanted and there.get("ReleaseState") == "DEPRECATED":
        del merged["ReleaseState"]
    return {name: value for name, value in merged.items() if value is not None}


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)


def _digest(image: str) -> str:
    return image.partition("@")[2]
