"""What the documents say about the repository is so."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, violations
from tests.conftest import Require
from tests.support.paths import ROOT

DOCUMENTS = [
    path
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/**/*.md", "examples/**/*.md")
    for path in sorted(ROOT.glob(pattern))
]


def dead_links(path: Path) -> list[str]:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    return [link for link in local if not (path.parent / link).exists()]


def test_links_lead_to_files_that_are_there() -> None:
    assert not violations(DOCUMENTS, dead_links)


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_readme_has_the_blocks_that_ci_runs(name: str, require: Require) -> None:
    require(shutil.which("bash"), "there is no bash")
    block = subprocess.run(
        ["bash", "scripts/readme-block", name], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert block.returncode == 0
    assert block.stdout.startswith("python3 -m venv ")


def test_the_architecture_names_every_folder() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    assert [folder for folder in folders if f"\n  {folder}/ " not in text] == []


RIDDLES = re.compile(
    r"\b(anew|[Bb]e it|[Bb]e they|dear|dearer|in vain|thereof|some such|is none|are none|none are"
    r"|[Ww]ho never|[Ww]hat ours takes|so many)\b"
)
"""Patterns that native readers stumble over; CONTRIBUTING.md has the words to use instead."""

PROSE = [
    *(path for path in DOCUMENTS if path.name != "CONTRIBUTING.md"),
    *sorted(PACKAGE.rglob("*.py")),
    *sorted((ROOT / "scripts").iterdir()),
]


def riddles(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if RIDDLES.search(line)]


def test_the_prose_has_no_riddles() -> None:
    assert not violations((path for path in PROSE if path.is_file()), riddles)
