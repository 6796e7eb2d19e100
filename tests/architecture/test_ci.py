"""GitHub's workflows and `.ci/run` call the same steps, and run no action that can change."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lambda_ric import __version__
from tests.conftest import Require
from tests.support.paths import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
STEP = re.compile(r"^([a-z]+)\)", re.MULTILINE)

pytestmark = pytest.mark.skipif(not WORKFLOWS, reason="the source distribution has no workflows")


def steps() -> set[str]:
    """Return the steps that `scripts/ci` has."""
    return set(STEP.findall((ROOT / "scripts" / "ci").read_text(encoding="utf-8")))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit(workflow: Path) -> None:
    lines = workflow.read_text(encoding="utf-8").splitlines()
    used = [line.strip() for line in lines if "uses: " in line]
    assert [line for line in used if not PINNED.search(line)] == []


def test_both_kinds_of_ci_run_every_step() -> None:
    here = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    github = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    for step in steps():
        assert re.search(rf"\b{step}( -n auto)?$", here, re.MULTILINE), f".ci/run leaves out {step}"
        assert re.search(rf"\b{step}\b", github), f"ci.yml leaves out {step}"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_only_steps_that_there_are(workflow: Path) -> None:
    called = set(re.findall(r"scripts/ci ([a-z]+)", workflow.read_text(encoding="utf-8")))
    assert called <= steps()


@pytest.mark.parametrize("tag", ["v0.0.0", __version__, f"v{__version__}.post1"])
def test_a_tag_that_is_not_the_version_is_refused(tag: str, require: Require) -> None:
    require(shutil.which("bash"), "there is no bash")
    done = subprocess.run(
        ["bash", "scripts/check-release", tag],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert f"the tag is {tag}, but" in done.stderr
