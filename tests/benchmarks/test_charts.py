"""The charts of the results that are kept, and what the documents show of both."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import drawing
from benchmarks.charts import charts_of
from benchmarks.drawing import Bar
from benchmarks.summary import HEADING, as_markdown, put_into
from benchmarks.tables import Run, read_json, write_json
from tests.support.paths import ROOT

RESULTS = ROOT / "benchmarks" / "results"
SHOWN = RESULTS / "python3.13.json"
"""What the charts show."""

MAX_BYTES = 6_000
"""The size of one chart: pages load it, and people read it in a diff."""

RUNS = {path.stem: read_json(path) for path in sorted(RESULTS.glob("*.json"))}
DRAWN = {f"{file}.svg": chart for file, chart in charts_of(read_json(SHOWN)).items()}


def test_the_charts_that_are_kept_are_those_of_the_results() -> None:
    kept = {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs/charts").iterdir()
    }
    assert kept == DRAWN


def test_each_chart_that_is_kept_is_shown() -> None:
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(charts/([^)]+)\)", text)) == set(DRAWN)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_chart_is_small(run: Run) -> None:
    sizes = {file: len(chart.encode()) for file, chart in charts_of(run).items()}
    assert {file: size for file, size in sizes.items() if size > MAX_BYTES} == {}


@pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)
def test_a_screen_reader_finds_a_title_and_a_description(chart: str) -> None:
    svg = ElementTree.fromstring(chart)
    labels = svg.attrib["aria-labelledby"].split()
    assert len(labels) == 2
    assert all(svg.findtext(f"{{*}}*[@id='{label}']") for label in labels)


@pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)
def test_every_class_has_a_light_and_a_dark_colour(chart: str) -> None:
    shape, light, dark = _styles(chart)
    used = {look for looks in re.findall(r'class="([^"]+)"', chart) for look in looks.split()}
    assert used <= shape | light
    assert light == dark


def test_text_stays_text() -> None:
    texts = ElementTree.fromstring(DRAWN["overview.svg"]).findall("{*}text")
    assert "memory, idle" in [text.text for text in texts]


def test_a_bar_that_is_too_long_is_broken_off() -> None:
    bars = [Bar("ours", "ours", 1, 1, 1, 1.0), Bar("theirs", "peer", 90, 90, 90, 0.01)]
    whole, broken = (
        drawing.bars("Title", [drawing.Panel("Caption", "ms", bars, longest)], "Footer")
        for longest in (90, 4)
    )
    assert ('class="gap"' in whole, 'class="gap"' in broken) == (False, True)
    assert "90 ms" in broken


def test_names_are_escaped() -> None:
    chart = drawing.ratios("a < b", "c & d", "e", [('"f" > g', 0.5)], "h")
    assert ElementTree.fromstring(chart).findtext("{*}title") == "a < b"


def _styles(chart: str) -> list[set[str]]:
    """Return the classes of each line of a chart's style: shapes, light colours, dark ones."""
    _, style, _ = re.split("</?style>", chart)
    return [set(re.findall(r"\.([a-z-]+)\{", line)) for line in style.strip().splitlines()]


def test_results_have_one_line_for_each_figure(tmp_path: Path) -> None:
    run, path = read_json(SHOWN), tmp_path / "results.json"
    write_json(path, {"python": run.python}, {}, run.scenarios)
    figures = sum(len(peers) for table in run.scenarios.values() for peers in table.values())
    lines = path.read_text(encoding="utf-8").splitlines()
    assert sum("median" in line and "ratio" in line for line in lines) == figures
    assert read_json(path) == run


def test_the_documents_show_the_results_that_are_kept() -> None:
    table = as_markdown(*RUNS.values())
    for document in ("README.md", "docs/performance.md"):
        assert table in (ROOT / document).read_text(encoding="utf-8")


def test_each_run_has_a_column() -> None:
    run = read_json(SHOWN)
    rows = as_markdown(run, Run("another", {"warm": run.scenarios["warm"]})).splitlines()
    assert rows[0].endswith(f"| {run.python} | another |")
    assert {row.count("|") for row in rows} == {4}
    assert sum(row.endswith("| - |") for row in rows) == len(rows) - 3  # all but warm, and the head


def test_a_table_takes_the_place_of_the_older_one() -> None:
    table = f"{HEADING} 3.13 |\n| --- | --- |\n| new | 1 |\n"
    document = f"Before.\n\n{HEADING} 3.9 |\n| --- | --- |\n| old | 2 |\n\nAfter.\n\nEnd.\n"
    assert put_into(document, table) == f"Before.\n\n{table}\nAfter.\n\nEnd.\n"
    assert put_into(put_into(document, table), table) == put_into(document, table)
