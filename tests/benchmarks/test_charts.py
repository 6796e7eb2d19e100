"""The charts of the results that are kept, and what the documents show of both."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.summary import HEADING, as_markdown, put_into
from benchmarks.tables import Run, read_json
from tests.architecture.source import ROOT
from tests.conftest import Require

RESULTS = ROOT / "benchmarks" / "results"
SHOWN = RESULTS / "python3.13.json"
"""What the charts show."""


def _draw(results: Path, directory: Path) -> dict[str, bytes]:
    command = [sys.executable, "-m", "benchmarks.charts", str(results), str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.mark.parametrize("results", sorted(RESULTS.glob("*.json")), ids=lambda path: path.stem)
def test_charts_are_the_same_for_the_same_results(
    results: Path, tmp_path: Path, require: Require
) -> None:
    require(find_spec("matplotlib"), "matplotlib is not installed")
    drawn = _draw(results, tmp_path / "first")
    assert drawn == _draw(results, tmp_path / "second")
    assert all(ElementTree.fromstring(chart).tag.endswith("svg") for chart in drawn.values())


def test_each_chart_is_drawn_and_shown(tmp_path: Path, require: Require) -> None:
    require(find_spec("matplotlib"), "matplotlib is not installed")
    kept = {path.name for path in (ROOT / "docs" / "charts").iterdir()}
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert set(_draw(SHOWN, tmp_path)) == kept
    assert set(re.findall(r"\(charts/([^)]+)\)", text)) == kept


def test_the_documents_show_the_results_that_are_kept() -> None:
    table = as_markdown(*(read_json(path) for path in sorted(RESULTS.glob("*.json"))))
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
