"""`lambda-ric image check`: report why Lambda would refuse an image, before you push it."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.wording import counted
from lambda_ric.deploy.archive import Archive, ArchiveError, open_archive, open_archive_stream
from lambda_ric.deploy.finding import Level
from lambda_ric.deploy.image_check import Report, check_image
from lambda_ric.deploy.manifest_rules import ARCHITECTURES


def main(arguments: list[str]) -> int:
    """Run `image check`: 0 ready for Lambda, 1 not ready, 2 wrong usage or no image."""
    options = _parser().parse_args(arguments)
    try:
        with opened_archive(options.archive) as archive:
            report = check_image(
                archive,
                reference=options.image,
                architecture=options.architecture,
                handler=options.handler,
            )
    except ArchiveError as error:
        raise UsageError(f"{options.archive}: {error}") from error
    return print_findings(options.archive, report, options.strict)


def opened_archive(name: str) -> AbstractContextManager[Archive]:
    """Open what the command line names as an archive, "-" for standard input."""
    if name == "-":
        return open_archive_stream(sys.stdin.buffer)
    return open_archive(Path(name))


def _parser() -> CommandParser:
    parser = CommandParser(prog="lambda-ric image", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check")
    check = actions.add_parser("check", help="report what Lambda refuses, and how to fix it")
    check.add_argument(
        "archive",
        help="a docker-archive or OCI tar file, an OCI directory, or - for stdin",
    )
    check.add_argument("--image", metavar="NAME", help="its name, if the archive holds several")
    check.add_argument(
        "--architecture",
        choices=sorted(ARCHITECTURES.values()),
        help="that of the function",
    )
    check.add_argument("--handler", help="the handler in ImageConfig.Command, if it overrides CMD")
    check.add_argument("--strict", action="store_true", help="exit with 1 on warnings too")
    return parser


def print_findings(archive: str, report: Report, strict: bool) -> int:
    """Print a report, and return the exit code: 1 for errors, and for warnings if `strict`."""
    image = report.image
    print(
        f"{report.reference or archive}: {image.operating_system}/{image.architecture}, "
        f"{report.tree.unpacked_size / 1e6:.0f} MB in {counted(len(image.layers), 'layer')}, "
        f"runs {[*image.entry_point, *image.command]} in {image.working_directory}"
    )
    for finding in report.findings:
        print(f"{finding.level.value}: {finding.problem}\n  fix: {finding.remedy}")
    errors = sum(finding.level is Level.ERROR for finding in report.findings)
    warnings = len(report.findings) - errors
    print(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    return 1 if errors or (strict and warnings) else 0
