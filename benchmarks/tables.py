"""Results as text for people and as JSON for the next run to be compared with."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.environments import ROOT
from benchmarks.rounds import Figure, Table

Scenarios = dict[str, Table]
"""Tables by the name of the scenario."""


@dataclass(frozen=True)
class Run:
    """What was found by a run, and on which Python."""

    python: str
    scenarios: Scenarios


def default_path() -> Path:
    """Return where the results of this Python are kept."""
    return ROOT / "benchmarks" / "results" / "python{}.{}.json".format(*sys.version_info[:2])


def as_text(title: str, table: Table) -> str:
    """Return a scenario's figures, aligned, one peer a line under each metric."""
    lines = [title]
    for metric, figures in table.items():
        lines.append(f"  {metric:<34}{'median':>10}{'half lie in':>28}{'ours/it':>10}")
        for name, figure in figures.items():
            lines.append(f"    {name:<32}{_row(figure)}")
    return "\n".join(lines) + "\n"


def _row(figure: Figure) -> str:
    spread = f"{short(figure.low)} .. {short(figure.high)}"
    return f"{short(figure.median):>10}{spread:>28}{figure.ratio:>9.2f}x"


def short(value: float) -> str:
    """Return a number with as many digits as mean something."""
    if value == round(value) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def write_json(
    path: Path, machine: dict[str, str], versions: dict[str, str], tables: Scenarios
) -> None:
    """Write the results of a run, one line for each figure, and what it ran on."""
    scenarios = {
        scenario: {
            metric: {name: _rounded(figure) for name, figure in figures.items()}
            for metric, figures in table.items()
        }
        for scenario, table in tables.items()
    }
    document = {"machine": machine, "versions": versions, "scenarios": scenarios}
    text = json.dumps(document, indent=1, ensure_ascii=False)
    text = _FIGURE.sub(lambda figure: " ".join(figure[0].split()), text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


_FIGURE = re.compile(r'\{\s+"median"[^}]*\}')


def read_json(path: Path) -> Run:
    """Return the results of a run."""
    document = json.loads(path.read_text(encoding="utf-8"))
    scenarios = {
        scenario: {
            metric: {name: Figure(**figure) for name, figure in figures.items()}
            for metric, figures in table.items()
        }
        for scenario, table in document["scenarios"].items()
    }
    return Run(document["machine"]["python"], scenarios)


def _rounded(figure: Figure) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(figure).items()}
