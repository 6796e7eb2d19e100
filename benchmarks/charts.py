"""Bar charts of a run, as SVG: `python -m benchmarks.charts RESULTS.json DIRECTORY`.

They have their own colours for dark pages. Ours are the coloured bars. A bar that would make the
others too small to see is broken off; its number is right.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.tables import short

Medians = list[tuple[str, float]]

WIDTH, LABELS, NUMBERS, BAR, GAP, TOP = 720, 220, 90, 18, 8, 44
LONGEST = 6.0
"""How many times our own bar another may be long."""

_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .ours { fill: #1a7f37 } .other { fill: #8c959f } .break { stroke: #fff; stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .ours { fill: #3fb950 } .other { fill: #6e7681 }
    .break { stroke: #0d1117 }
  }
"""


@dataclass(frozen=True)
class Chart:
    """One metric of one scenario; `divide` and `unit` turn its numbers into those to show."""

    file: str
    title: str
    scenario: str
    metric: str
    unit: str
    divide: float = 1.0


CHARTS = (
    Chart(
        "cold-start",
        "Cold start: CPU until the first response is posted",
        "cold-start",
        "CPU ms",
        "ms",
    ),
    Chart(
        "cold-start-small",
        "Cold start of a function of 128 MB: 7 % of a processor",
        "cold-start-small",
        "wall ms",
        "ms",
    ),
    Chart("warm", "CPU of a warm invoke, small event", "warm", "CPU µs", "µs"),
    Chart("text-5m", "CPU of 5 MB of text in and out", "text-5m", "CPU µs", "ms", 1e3),
    Chart("memory", "Memory, idle after one invoke", "memory", "idle MB", "MB"),
    Chart("concurrency", "Memory for ten invokes at once", "concurrency", "memory MB", "MB"),
)


def draw(title: str, unit: str, medians: Medians) -> str:
    """Return a chart as SVG; the first of the medians is ours."""
    limit = medians[0][1] * LONGEST
    longest = min(limit, max(value for _, value in medians))
    height = TOP + len(medians) * (BAR + GAP) + GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<text class="title" x="8" y="24">{escape(title)}</text>',
    ]
    for row, (name, value) in enumerate(medians):
        lines += _bar(TOP + row * (BAR + GAP), name, value, unit, longest)
    return "\n".join([*lines, "</svg>\n"])


def _bar(y: int, name: str, value: float, unit: str, longest: float) -> list[str]:
    room = WIDTH - LABELS - NUMBERS
    width = room * min(value, longest) / longest
    kind = "ours" if name.startswith("lambda-ric") else "other"
    base = y + BAR - 5
    lines = [
        f'<text x="{LABELS - 8}" y="{base}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2"/>',
        f'<text x="{LABELS + width + 8:.1f}" y="{base}">{short(value)} {unit}</text>',
    ]
    if value > longest:
        x = LABELS + width - 24
        lines.append(f'<path class="break" d="M{x} {y + BAR + 2} l6 -{BAR + 4}"/>')
    return lines


def main() -> None:
    """Draw the charts for which the results have numbers."""
    results, directory = Path(sys.argv[1]), Path(sys.argv[2])
    scenarios = json.loads(results.read_text())["scenarios"]
    directory.mkdir(parents=True, exist_ok=True)
    for chart in CHARTS:
        figures = scenarios.get(chart.scenario, {}).get(chart.metric)
        if figures:
            medians = [(name, figure["median"] / chart.divide) for name, figure in figures.items()]
            drawn = draw(chart.title, chart.unit, medians)
            (directory / f"{chart.file}.svg").write_text(drawn)


if __name__ == "__main__":
    main()
