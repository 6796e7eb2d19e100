"""The table of runs that README shows: `python -m benchmarks.summary RESULTS.json… [README.md]`.

It is printed, or put into a document in the place of the table that is there.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import AWSLAMBDARIC, OURS, OURS_BUNDLED
from benchmarks.tables import Run, Scenarios, read_json


@dataclass(frozen=True)
class Row:
    """A metric of ours beside that of AWS's; `counted` shows both figures instead of a ratio."""

    what: str
    scenario: str
    metric: str
    ours: str = OURS.name
    theirs: str = AWSLAMBDARIC.name
    counted: bool = False


HEADING = "| ratio to awslambdaric (lower is better) |"
CPU = "CPU ms"
BUNDLED = (CPU, OURS_BUNDLED.name)
ROWS = (
    Row("cold start with a boto3 client: CPU", "cold-start-boto3", CPU),
    Row("cold start with FastAPI and mangum: CPU", "cold-start-fastapi", CPU),
    Row("cold start with Powertools: CPU", "cold-start-powertools", CPU),
    Row("boto3, a bundle, empty page cache: CPU", "cold-start-boto3-uncached", *BUNDLED),
    Row("FastAPI, a bundle, empty page cache: CPU", "cold-start-fastapi-uncached", *BUNDLED),
    Row("Powertools, a bundle, empty page cache: CPU", "cold-start-powertools-uncached", *BUNDLED),
    Row("cold start of an empty function: CPU", "cold-start", CPU),
    Row("cold start with 7 % of a processor: time", "cold-start-small", "wall ms"),
    Row("warm invoke on one processor: CPU", "warm", "CPU µs"),
    Row("warm invoke: system calls", "system-calls", "system calls", counted=True),
    Row("5 MB of text in and out: CPU", "text-5m", "CPU µs"),
    Row("memory, idle", "memory", "idle MB"),
    Row(
        "memory for 16 invokes at once, async",
        "concurrency",
        "memory MB",
        "lambda-ric, async",
        "awslambdaric, processes",
    ),
    Row("installed MB", "installed", "size MB", counted=True),
    Row(
        "invoke through the emulator, compared with RIE: time",
        "emulator",
        "median µs",
        "lambda-ric emulate",
        "aws-lambda-rie",
    ),
)


def ratio_of(row: Row, scenarios: Scenarios) -> float | None:
    """Return ours divided by theirs, nothing if it was not measured.

    It is made of the medians of the ratios to our first figure in each round.
    """
    figures = scenarios.get(row.scenario, {}).get(row.metric, {})
    if row.ours not in figures or row.theirs not in figures:
        return None
    return figures[row.theirs].ratio / figures[row.ours].ratio


def as_markdown(*runs: Run) -> str:
    """Return the table, a column for each run, with the rows for which there are figures."""
    lines = [
        f"{HEADING} {' | '.join(run.python for run in runs)} |",
        "| --- |" + " --- |" * len(runs),
    ]
    for row in ROWS:
        cells = [_cell(row, run.scenarios) for run in runs]
        if any(cells):
            lines.append(f"| {row.what} | {' | '.join(cell or '-' for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _cell(row: Row, scenarios: Scenarios) -> str:
    ratio = ratio_of(row, scenarios)
    if ratio is None:
        return ""
    if not row.counted:
        return f"{ratio:.2f}"
    figures = scenarios[row.scenario][row.metric]
    return f"{figures[row.ours].median:.2g} / {figures[row.theirs].median:.2g}"


def put_into(document: str, table: str) -> str:
    """Return a document with another table for the one that has the same heading."""
    before, found, rest = document.partition(HEADING)
    if not found:
        raise ValueError("the document has no such table")
    return before + table + rest[rest.index("\n\n") + 1 :]


def main() -> None:
    paths = [Path(argument) for argument in sys.argv[1:]]
    table = as_markdown(*(read_json(path) for path in paths if path.suffix == ".json"))
    documents = [path for path in paths if path.suffix != ".json"]
    for document in documents:
        changed = put_into(document.read_text(encoding="utf-8"), table)
        document.write_text(changed, encoding="utf-8")
    if not documents:
        print(table, end="")


if __name__ == "__main__":
    main()
