"""`lambda-ric runtime`: an organisation's own runtime for zip functions, checked and published."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from lambda_ric.cli.image import opened_archive, print_findings
from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.runtime_options import add_publish_options, wanted_runtime
from lambda_ric.cli.runtime_publisher import AlreadyThereError, Publisher, PublishingError
from lambda_ric.deploy.archive import ArchiveError
from lambda_ric.deploy.runtime_image import check_runtime_image
from lambda_ric.deploy.runtime_plan import VERSION, PlanError, Step, Wanted, plan

_READINGS = 3
"""How often a plan is made again because another publication came first."""


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
    add_publish_options(publish)
    return parser


def _check(options: argparse.Namespace) -> int:
    try:
        with opened_archive(options.archive) as archive:
            reports = check_runtime_image(archive, reference=options.image)
    except ArchiveError as error:
        raise UsageError(f"{options.archive}: {error}") from error
    return max([print_findings(options.archive, report, options.strict) for report in reports])


def _publish(options: argparse.Namespace) -> int:
    wanted = wanted_runtime(options)
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
        answer = publisher.carry_out(step)
        print(f"done {number}/{len(steps)}: {step.sentence}", flush=True)
        if step.waits_for == VERSION:
            _print_answer(f"the version {wanted.version}", answer)


def _rehearse(publisher: Publisher, wanted: Wanted) -> int:
    existing = publisher.read(wanted)
    steps = plan(wanted, existing)
    _print_plan(wanted, steps)
    examination = next((step for step in steps if step.parameters.get("DryRun")), None)
    if examination is not None and existing.runtime is None:
        print("not examined: Lambda examines images for a runtime that exists; create it first,")
        print(f"  with: lambda-ric runtime publish {wanted.name}")
    elif examination is not None:
        _print_answer("accepted", publisher.carry_out(examination))
    print("nothing was changed")
    return 0


def _print_plan(wanted: Wanted, steps: list[Step]) -> None:
    if not steps:
        print(f"the runtime {wanted.name} is as wanted")
        return
    print(f"the plan for the runtime {wanted.name}:")
    for number, step in enumerate(steps, 1):
        print(f"  {number}. {step.sentence}", flush=True)


def _print_answer(what: str, answer: Mapping[str, Any]) -> None:
    """Print what Lambda says of an image: where it runs, and with what it is compatible."""
    compatibility = answer.get("Compatibility", {})
    architectures = ", ".join(compatibility.get("Architectures", [])) or "not said"
    models = ", ".join(compatibility.get("IntegrationModels", [])) or "not said"
    instances = compatibility.get("ManagedInstances", "not said")
    print(
        f"{what}: architectures {architectures}; integration {models}; "
        f"Managed Instances: {instances}"
    )
    for platform in answer.get("Platforms", []):
        print(f"  {platform['Os']}/{platform['Architecture']} {platform['Digest']}", flush=True)
