"""The options of `lambda-ric runtime publish`, and the runtime that they describe."""

from __future__ import annotations

import argparse
from datetime import date, datetime, timezone
from typing import Any

from lambda_ric.cli.argument_types import WrongValue
from lambda_ric.cli.parser import UsageError
from lambda_ric.deploy.image_uri import ImageUriError, parse_image_uri
from lambda_ric.deploy.runtime_plan import Wanted

_STATES = ("PREVIEW", "GA", "DEPRECATED")
_DATES = {
    "deprecation-date": ("DeprecationDate", "the day from which it is deprecated"),
    "create-block-date": (
        "FunctionCreateBlockDate",
        "the day from which no new function can use it",
    ),
    "update-block-date": (
        "FunctionUpdateBlockDate",
        "the day from which its functions cannot change",
    ),
}
_REMOVED = "none"


def add_publish_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `runtime publish`."""
    add = parser.add_argument
    add("name", help="the runtime's name")
    add("--dry-run", action="store_true", help="print the plan, let Lambda examine the image, stop")
    add("--region", help="default: as for the AWS CLI")
    add("--endpoint-url", metavar="URL", help="call this address instead of AWS")
    group = parser.add_argument_group("the runtime")
    group.add_argument("--description")
    group.add_argument("--license")
    _add_lifecycle(group, "")
    group = parser.add_argument_group("a version")
    group.add_argument("--version", metavar="NAME", default="", help="created if it is missing")
    group.add_argument("--image", metavar="URI", default="", help="the image in ECR of a new one")
    group.add_argument("--release-notes", metavar="TEXT", default="")
    group = parser.add_argument_group("aliases")
    group.add_argument(
        "--alias",
        metavar="NAME",
        action="append",
        default=[],
        help="let this alias lead to the version; repeatable, and all get the same options",
    )
    group.add_argument("--alias-description", metavar="TEXT")
    _add_lifecycle(group, "alias-")


def wanted_runtime(options: argparse.Namespace) -> Wanted:
    """Return what the options describe. Raises UsageError for what no runtime can be."""
    if (options.image or options.release_notes) and not options.version:
        raise UsageError("--image and --release-notes are about a version; add --version")
    if options.image:
        try:
            parse_image_uri(options.image)
        except ImageUriError as error:
            raise UsageError(f"--image {options.image}: {error}; {error.remedy}") from None
    alias = _given(
        Description=options.alias_description, ReleaseLifecycle=_lifecycle(options, "alias-")
    )
    if alias and not options.alias:
        raise UsageError("the options --alias-… are about an alias; add --alias")
    if options.alias and not (alias or options.version):
        raise UsageError("name the version that the alias leads to: --version")
    return Wanted(
        name=options.name,
        runtime=_given(
            Description=options.description,
            LicenseInfo=options.license,
            ReleaseLifecycle=_lifecycle(options, ""),
        ),
        version=options.version,
        image=options.image,
        release_notes=options.release_notes,
        aliases=tuple(dict.fromkeys(options.alias)),
        alias=alias,
    )


def _add_lifecycle(group: Any, prefix: str) -> None:
    group.add_argument(f"--{prefix}state", choices=_STATES, help="of its release")
    for option, (_, meaning) in _DATES.items():
        group.add_argument(
            f"--{prefix}{option}",
            type=_day,
            metavar="YYYY-MM-DD",
            help=f"{meaning} (UTC); {_REMOVED}: no such date",
        )


def _lifecycle(options: argparse.Namespace, prefix: str) -> dict[str, str | None] | None:
    """Return the members of a ReleaseLifecycle that are given, None for a date to be removed."""
    values = vars(options)
    key = prefix.replace("-", "_")
    given = {}
    if state := values[f"{key}state"]:
        given["ReleaseState"] = state
    for option, (member, _) in _DATES.items():
        value = values[f"{key}{option.replace('-', '_')}"]
        if value is not None:
            given[member] = None if value == _REMOVED else value
    _refuse_contradiction(given, prefix)
    return given or None


def _refuse_contradiction(given: dict[str, str | None], prefix: str) -> None:
    """Refuse a state that the date excludes, as the model's RuntimeReleaseLifecycle says."""
    state, day = given.get("ReleaseState"), given.get("DeprecationDate")
    if not state or "DeprecationDate" not in given:
        return
    has_come = day is not None and day <= datetime.now(timezone.utc).date().isoformat()
    if (state == "DEPRECATED") != has_come:
        raise UsageError(
            f"--{prefix}state {state} contradicts --{prefix}deprecation-date {day or _REMOVED}: "
            "from that day on, and not before, the state is DEPRECATED; leave out the state"
        )


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _day(text: str) -> str:
    if text == _REMOVED:
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongValue(f"{text!r} is not a date, such as 2027-06-30, or {_REMOVED}") from None
