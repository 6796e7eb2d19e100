"""Charts of a run: `python -m benchmarks.charts RESULTS.json DIRECTORY`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import drawing, summary
from benchmarks.drawing import Bar, Point
from benchmarks.emulators import RELAY
from benchmarks.peers import AWSLAMBDARIC, FLOORS, OURS
from benchmarks.scenarios.invokes import TEXTS
from benchmarks.tables import Run, Scenarios, read_json

LONGEST = 4.0
"""How many times our own bar another may be long before it is broken off; never awslambdaric's."""


@dataclass(frozen=True)
class Panel:
    """A metric of a scenario; `divide` and `unit` turn its numbers into those to show."""

    caption: str
    scenario: str
    metric: str
    unit: str = ""
    divide: float = 1.0


@dataclass(frozen=True)
class Chart:
    """Panels of bars in a file."""

    file: str
    title: str
    panels: tuple[Panel, ...]


CHARTS = (
    Chart(
        "cold-start",
        "Cold start",
        (
            Panel("CPU time from exec to the first response", "cold-start", "CPU ms", "ms"),
            Panel(
                "Time with 7 % of a processor, as a function of 128 MB has",
                "cold-start-small",
                "wall ms",
                "ms",
            ),
        ),
    ),
    Chart(
        "cold-start-imports",
        "Cold start of functions that import",
        (
            Panel("json and logging: CPU time", "cold-start-logging", "CPU ms", "ms"),
            Panel("boto3, and make a client: CPU time", "cold-start-boto3", "CPU ms", "ms"),
            Panel("FastAPI behind mangum: CPU time", "cold-start-fastapi", "CPU ms", "ms"),
            Panel("Powertools: CPU time", "cold-start-powertools", "CPU ms", "ms"),
        ),
    ),
    Chart(
        "cold-start-uncached",
        "Cold start with an empty page cache",
        (
            Panel(
                "boto3, and make a client: CPU time", "cold-start-boto3-uncached", "CPU ms", "ms"
            ),
            Panel("FastAPI behind mangum: CPU time", "cold-start-fastapi-uncached", "CPU ms", "ms"),
            Panel("Powertools: CPU time", "cold-start-powertools-uncached", "CPU ms", "ms"),
        ),
    ),
    Chart(
        "modules",
        "Python modules loaded",
        (Panel("At the first invoke, those of every Python included", "modules", "modules"),),
    ),
    Chart(
        "warm",
        "Warm invoke",
        (
            Panel("CPU time of an invoke, on one processor", "warm", "CPU µs", "µs"),
            Panel("CPU time of an invoke, on two", "warm-all-processors", "CPU µs", "µs"),
        ),
    ),
    Chart(
        "warm-counts",
        "Warm invoke, counted",
        (
            Panel("System calls, counted by strace", "system-calls", "system calls"),
            Panel(
                "Thousands of instructions outside the kernel, counted by valgrind",
                "instructions",
                "thousand instructions",
                "k",
            ),
        ),
    ),
    Chart(
        "memory", "Memory", (Panel("Resident, idle after one invoke", "memory", "idle MB", "MB"),)
    ),
    Chart(
        "concurrency",
        "Memory for 16 invokes at once",
        (
            Panel("A function that imports nothing", "concurrency", "memory MB", "MB"),
            Panel("A function with a boto3 client", "concurrency-boto3", "memory MB", "MB"),
        ),
    ),
    Chart(
        "installed",
        "Installing the runtime and what it needs",
        (
            Panel("On the disk, without compiled modules", "installed", "size MB", "MB"),
            Panel("pip install of wheels at hand", "installed", "seconds of pip install", "s"),
        ),
    ),
    Chart(
        "emulator",
        "Invoke through an emulator, the same function and runtime client",
        (
            Panel("Time of an invoke, median", "emulator", "median µs", "ms", 1e3),
            Panel(
                "Time of an invoke, 95th percentile", "emulator", "95th percentile µs", "ms", 1e3
            ),
            Panel("CPU time of the emulator", "emulator", "emulator's CPU µs", "µs"),
        ),
    ),
)


def main() -> None:
    source, directory = Path(sys.argv[1]), Path(sys.argv[2])
    directory.mkdir(parents=True, exist_ok=True)
    for file, chart in charts_of(read_json(source)).items():
        (directory / f"{file}.svg").write_text(chart, encoding="utf-8", newline="\n")


def charts_of(run: Run) -> dict[str, str]:
    """Return the charts for which a run has numbers, as SVG, by their names."""
    scenarios = run.scenarios
    counted = f"{run.python}. Less is better."
    timed = f"{run.python}, interleaved rounds: the median"
    spread = f"{timed}; the thin line spans the middle half. Less is better."
    drawn = {}
    for chart in CHARTS:
        panels = [_panel(panel, scenarios) for panel in chart.panels if _is_in(scenarios, panel)]
        if panels:
            varies = any(bar.high > bar.low for panel in panels for bar in panel.bars)
            drawn[chart.file] = drawing.bars(chart.title, panels, spread if varies else counted)
    if set(TEXTS) <= set(scenarios):
        shaded = f"{timed}, shaded the middle half. Less is better."
        drawn["payload"] = _payloads(scenarios, shaded)
    drawn["overview"] = _overview(scenarios, f"{timed} of the ratios. Less is better.")
    return drawn


def _is_in(scenarios: Scenarios, panel: Panel) -> bool:
    return panel.metric in scenarios.get(panel.scenario, {})


def _panel(panel: Panel, scenarios: Scenarios) -> drawing.Panel:
    figures = scenarios[panel.scenario][panel.metric]
    bars = [
        Bar(
            name,
            _look(name, first=row == 0),
            figure.median / panel.divide,
            figure.low / panel.divide,
            figure.high / panel.divide,
            figure.ratio,
        )
        for row, (name, figure) in enumerate(figures.items())
    ]
    limit = max(
        bar.high if AWSLAMBDARIC.name in bar.name else bars[0].value * LONGEST for bar in bars
    )
    longest = max(bar.high for bar in bars if bar.high <= limit)
    return drawing.Panel(panel.caption, panel.unit, bars, longest)


def _look(name: str, *, first: bool) -> str:
    if first:
        return "ours"
    if name.startswith(OURS.name):
        return "also"
    return "floor" if name in {RELAY, *(peer.name for peer in FLOORS)} else "peer"


def _payloads(scenarios: Scenarios, footer: str) -> str:
    series = {
        name: [
            Point(text.size, figure.median / 1e3, figure.low / 1e3, figure.high / 1e3)
            for scenario, text in TEXTS.items()
            for figure in [scenarios[scenario]["CPU µs"][name]]
        ]
        for name in (OURS.name, AWSLAMBDARIC.name)
    }
    caption = "CPU time of an invoke with one text in and out; the numbers are ours ÷ theirs"
    return drawing.lines("Payloads from 100 bytes to 6 MiB", caption, "ms", series, footer)


def _overview(scenarios: Scenarios, footer: str) -> str:
    rows = [
        (row.what.replace("`", ""), ratio)
        for row in summary.ROWS
        for ratio in [summary.ratio_of(row, scenarios)]
        if ratio is not None
    ]
    caption = "The cost of ours divided by that of AWS's"
    return drawing.ratios("lambda-ric beside AWS's own", caption, "AWS's", rows, footer)


if __name__ == "__main__":
    main()
