"""The charts of the results that are kept, and what the documents show of both."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.summary import as_markdown, put_into
from benchmarks.tables import read_json
from tests.architecture.source import ROOT
from tests.conftest import Require

RESULTS = ROOT / "benchmarks" / "results"
SHOWN = RESULTS / "python3.11.json"
"""What README and docs show."""


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


def test_the_readme_shows_the_results_that_are_kept() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert as_markdown(read_json(SHOWN)) in readme


def test_a_table_takes_the_place_of_the_older_one() -> None:
    table = "| what |\n| --- |\n| new |\n"
    document = "Before.\n\n| what |\n| --- |\n| old |\n| older |\n\nAfter.\n\nEnd.\n"
    assert put_into(document, table) == f"Before.\n\n{table}\nAfter.\n\nEnd.\n"
    assert put_into(put_into(document, table), table) == put_into(document, table)
