"""Judges the emulator by AWS's conformance tests for durable functions, and prints a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.conformance.contestants import emulator, runner
from tests.conformance.judge import SUITES, Requirement, Verdict, requirements, verdicts

EXCUSED = {
    "InvocationCompleted": ("InvocationCompletedDetails",),
    "StepSucceeded": ("RetryDetails",),
}
"""Required members of events that AWS's runner never sends."""


def main() -> int:
    """Run the suites that are named, or all; exit with 1 when the emulator fails a requirement."""
    parser = argparse.ArgumentParser(prog="scripts/durable-conformance", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--jobs", type=int, default=16, help="requirements at once (default 16)")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="judge every Nth requirement only"
    )
    parser.add_argument(
        "--with-runner", action="store_true", help="judge AWS's own local runner beside it"
    )
    options = parser.parse_args()
    unknown = set(options.suites).difference(SUITES)
    if unknown:
        parser.error(f"there is no suite {', '.join(sorted(unknown))}")
    judged = requirements(options.suites or SUITES)[:: max(options.every, 1)]
    with emulator() as contestant:
        ours = verdicts(contestant, judged, jobs=options.jobs)
    columns = {"lambda-ric": ours}
    if options.with_runner:
        with runner() as contestant:
            columns["AWS's runner"] = verdicts(contestant, judged, jobs=options.jobs)
            columns["two members excused"] = verdicts(
                contestant, judged, jobs=options.jobs, excused=EXCUSED
            )
    _print_table(judged, columns)
    for name, results in columns.items():
        _print_failures(name, results)
    return 1 if any(verdict.errors for verdict in ours) else 0


def _print_table(judged: Sequence[Requirement], columns: dict[str, list[Verdict]]) -> None:
    """Print how many requirements of each suite are met, in Markdown."""
    _print_row("suite", "requirements", *columns)
    _print_row(*["---"] * (2 + len(columns)))
    for suite in dict.fromkeys(requirement.suite for requirement in judged):
        counts = [
            sum(verdict.requirement.suite == suite and not verdict.errors for verdict in results)
            for results in columns.values()
        ]
        total = sum(requirement.suite == suite for requirement in judged)
        _print_row(suite.replace("_", " "), total, *counts)


def _print_row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|")


def _print_failures(name: str, results: Sequence[Verdict]) -> None:
    """Print the first error of each requirement that is not met."""
    for requirement, errors in results:
        if errors:
            print(f"{name}: {requirement.suite} {requirement.name}: {errors[0]}")


if __name__ == "__main__":
    sys.exit(main())
