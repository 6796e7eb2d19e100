"""`python -m benchmarks [SCENARIO…]`: measure, print, and write what was found."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks import machine, peers, tables
from benchmarks.scenarios import SCENARIOS, Scenario


def main() -> None:
    arguments = _parse()
    chosen = [
        scenario
        for scenario in SCENARIOS
        if not arguments.scenarios or scenario.name in arguments.scenarios
    ]
    left_out = [scenario for scenario in chosen if _is_left_out(scenario)]
    if left_out and os.environ.get("CI"):
        sys.exit("CI must be able to measure everything that it asks for")
    described = machine.describe() | {"load before": machine.load()}
    print("; ".join(f"{name} {value}" for name, value in described.items()) + "\n")
    measured: tables.Scenarios = {}
    for scenario in chosen:
        if scenario not in left_out:
            measured[scenario.name] = scenario.run(arguments.scale)
            print(tables.as_text(scenario.title, measured[scenario.name]), flush=True)
    described["load after"] = machine.load()
    print(f"load after {described['load after']}")
    if arguments.json:
        versions = machine.versions((*peers.RUNTIMES, *peers.of_other_languages()))
        tables.write_json(arguments.json, described, versions, measured)


def _is_left_out(scenario: Scenario) -> bool:
    missing = scenario.missing()
    if missing:
        print(f"left out: {scenario.name}: {missing}", flush=True)
    return bool(missing)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    names = [scenario.name for scenario in SCENARIOS]
    parser.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help=f"all if none is named: {', '.join(names)}"
    )
    parser.add_argument(
        "--scale",
        type=float,
        default=1.0,
        help="how many rounds, as a part of the full number; 0 for a single one",
    )
    default = tables.default_path()
    parser.add_argument(
        "--json",
        type=Path,
        nargs="?",
        const=default,
        metavar="FILE",
        help=f"write the results there, or to {default.name} in benchmarks/results",
    )
    arguments = parser.parse_args()
    unknown = set(arguments.scenarios) - set(names)
    if unknown:
        parser.error(f"no scenario is called {', '.join(sorted(unknown))}")
    if str(arguments.json) in names:
        parser.error(f"--json {arguments.json}: name scenarios before it")
    return arguments


if __name__ == "__main__":
    main()
