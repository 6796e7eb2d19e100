"""`python -m benchmarks [SCENARIO…]`: measure, print, and write what was found."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import machine, peers, tables
from benchmarks.rounds import Table
from benchmarks.scenarios import SCENARIOS


def main() -> None:
    arguments = _parse()
    chosen = [
        scenario
        for scenario in SCENARIOS
        if not arguments.scenarios or scenario.name in arguments.scenarios
    ]
    described = machine.describe()
    print("; ".join(f"{name} {value}" for name, value in described.items()) + "\n")
    measured: dict[str, Table] = {}
    for scenario in chosen:
        measured[scenario.name] = scenario.run(arguments.scale)
        print(tables.as_text(scenario.title, measured[scenario.name]), flush=True)
    if arguments.json:
        versions = machine.versions(list(peers.RUNTIMES))
        tables.write_json(arguments.json, described, versions, measured)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    names = [scenario.name for scenario in SCENARIOS]
    parser.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help=f"all if none is named: {', '.join(names)}"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="how many rounds, as a part of the full number"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there")
    arguments = parser.parse_args()
    unknown = set(arguments.scenarios) - set(names)
    if unknown:
        parser.error(f"no scenario is called {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    main()
