"""`lambda-ric runtime`: an organisation's own runtime for zip functions, checked and published."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from typing import Any

from lambda_ric.cli.argument_types import WrongValue
from lambda_ric.cli.image import opened_archive, print_findings
from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.runtime_publisher import AlreadyThereError, Publisher, PublishingError
from lambda_ric.deploy.archive import ArchiveError
from lambda_ric.deploy.image_uri import ImageUriError, parse_image_uri
from lambda_ric.deploy.runtime_image import check_runtime_image
from lambda_ric.deploy.runtime_plan import PlanError, Step, Wanted, plan

_READINGS = 3
"""How often a plan is made again because another publication came first."""

_LIFECYCLE = {
    "state": "ReleaseState",
    "deprecation_date": "DeprecationDate",
    "create_block_date": "FunctionCreateBlockDate",
    "update_block_date": "FunctionUpdateBlockDate",
}


def main(arguments: list[str]) -> int:
    """Run `runtime check` or `runtime publish`: 0 done, 1 not ready or refused, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    return _check(options) if options.action == "check" else _publish(options)


def _parser() -> CommandParser:
    parser = CommandParser(prog="lambda-ric runtime", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|publish")
    check = actions.add_parser("check", help="report what keeps an image from being a runtime")
    check.add_argument("archive", help="a docker-archive or OCI tar file, an OCI directory, or -")
    check.add_argument("--image", metavar="NAME", help="which image, if the archive holds several")
    check.add_argument("--strict", action="store_true", help="exit with 1 on warnings too")
    publish = actions.add_parser(
        "publish", help="create or change a runtime, its version and aliases; repeatable"
    )
    _add_publish(publish)
    return parser


def _add_publish(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("name", help="the runtime's name")
    add("--version", metavar="NAME", default="", help="a version, which is created if missing")
    add("--image", metavar="URI", default="", help="the image in ECR that a new version is made of")
    add("--release-notes", metavar="TEXT", default="", help="of the version")
    add("--alias", action="append", default=[], help="let this alias lead to the version")
    add("--description", help="of the runtime")
    add("--license", help="of the runtime")
    add("--state", choices=("PREVIEW", "GA", "DEPRECATED"), help="of the runtime's release")
    for option, meaning in {
        "--deprecation-date": "when the runtime is deprecated",
        "--create-block-date": "when no function can be created with it any more",
        "--update-block-date": "when no function with it can be changed any more",
    }.items():
        add(option, type=_day, metavar="YYYY-MM-DD", help=f"{meaning} (UTC)")
    add("--dry-run", action="store_true", help="print the plan, let Lambda examine the image, stop")
    add("--region", help="default: as for the AWS CLI")
    add("--endpoint-url", metavar="URL", help="call this address instead of AWS")


def _check(options: argparse.Namespace) -> int:
    try:
        with opened_archive(options.archive) as archive:
            reports = check_runtime_image(archive, reference=options.image)
    except ArchiveError as error:
        raise UsageError(f"{options.archive}: {error}") from error
    return max([print_findings(options.archive, report, options.strict) for report in reports])


def _publish(options: argparse.Namespace) -> int:
    wanted = _wanted(options)
    publisher = Publisher(options.region, options.endpoint_url)
    try:
        if options.dry_run:
            return _rehearse(publisher, wanted)
        for reading in range(1, _READINGS + 1):
            try:
                _carry_out(publisher, wanted)
                return 0
            except AlreadyThereError as error:
                if reading == _READINGS:
                    raise
                print(f"again, because something has changed in the meantime: {error}", flush=True)
    except (PlanError, PublishingError) as error:
        print(f"not published: {error}")
    return 1


def _carry_out(publisher: Publisher, wanted: Wanted) -> None:
    steps = plan(wanted, publisher.read(wanted))
    _print_plan(wanted, steps)
    for number, step in enumerate(steps, 1):
        publisher.carry_out(step)
        print(f"done {number}/{len(steps)}: {step.sentence}", flush=True)


def _rehearse(publisher: Publisher, wanted: Wanted) -> int:
    existing = publisher.read(wanted)
    steps = plan(wanted, existing)
    _print_plan(wanted, steps)
    examination = next((step for step in steps if step.parameters.get("DryRun")), None)
    if examination is not None and existing.runtime is None:
        print("not examined: Lambda examines images for a runtime that exists; create it first,")
        print(f"  with: lambda-ric runtime publish {wanted.name}")
    elif examination is not None:
        _print_answer(publisher.carry_out(examination))
    print("nothing was changed")
    return 0


def _print_plan(wanted: Wanted, steps: list[Step]) -> None:
    if not steps:
        print(f"the runtime {wanted.name} is as wanted")
        return
    print(f"the plan for the runtime {wanted.name}:")
    for number, step in enumerate(steps, 1):
        print(f"  {number}. {step.sentence}", flush=True)


def _print_answer(answer: Mapping[str, Any]) -> None:
    compatibility = answer.get("Compatibility", {})
    architectures = ", ".join(compatibility.get("Architectures", [])) or "not said"
    instances = compatibility.get("ManagedInstances", "not said")
    print(f"accepted: architectures {architectures}; Managed Instances: {instances}")


def _wanted(options: argparse.Namespace) -> Wanted:
    """Return what the options describe. Raises UsageError for what no runtime can be."""
    if (options.alias or options.image or options.release_notes) and not options.version:
        raise UsageError("--image, --alias and --release-notes are about a version; add --version")
    if options.image:
        try:
            parse_image_uri(options.image)
        except ImageUriError as error:
            raise UsageError(f"--image {options.image}: {error}; {error.remedy}") from None
    values = vars(options)
    lifecycle = {name: values[key] for key, name in _LIFECYCLE.items() if values[key] is not None}
    members = {
        "Description": options.description,
        "LicenseInfo": options.license,
        "ReleaseLifecycle": lifecycle or None,
    }
    return Wanted(
        name=options.name,
        runtime={name: value for name, value in members.items() if value is not None},
        version=options.version,
        image=options.image,
        release_notes=options.release_notes,
        aliases=tuple(dict.fromkeys(options.alias)),
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongValue(f"{text!r} is not a date, such as 2027-06-30") from None
