"""Every template and Dockerfile of the examples passes the linters that their users would run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.images.workshop import TOOLS, Shelf, run
from tests.support.paths import ROOT

DOCKERFILES = sorted(
    [*ROOT.glob("base_images/*/*Dockerfile"), *ROOT.glob("examples/**/*Dockerfile")]
)
TEMPLATES = sorted(
    path
    for path in ROOT.glob("examples/*/*.yaml")
    if "AWSTemplateFormatVersion" in path.read_text()
)
WITH_OWN_SCHEMAS = ROOT / "examples/organisation-runtime"
LINES_AT_MOST = 40


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=shown)
def test_a_dockerfile_passes_hadolint_and_fits_a_screen(dockerfile: Path, shelf: Shelf) -> None:
    run([TOOLS / "hadolint", dockerfile])
    assert len(dockerfile.read_text().splitlines()) <= LINES_AT_MOST


def test_all_templates_pass_cfn_lint(shelf: Shelf) -> None:
    lint: list[str | Path] = [TOOLS / "cfn-lint", "--non-zero-exit-code", "informational"]
    known = [path for path in TEMPLATES if path.parent != WITH_OWN_SCHEMAS]
    assert len(known) == len(TEMPLATES) - 1 == 9
    run([*lint, "--", *known])
    run(["env", "--chdir", WITH_OWN_SCHEMAS, *lint])


@pytest.mark.parametrize(
    "example", ["durable", "fastapi", "flask", "mcp", "sam-existing-image", "sam-image"]
)
def test_a_sam_template_passes_sams_own_validation(example: str, shelf: Shelf) -> None:
    template = ROOT / "examples" / example / "template.yaml"
    environment = ["env", "SAM_CLI_TELEMETRY=0", "AWS_DEFAULT_REGION=eu-west-1"]
    printed = run([*environment, TOOLS / "sam", "validate", "--lint", "-t", template])
    assert "is a valid SAM Template" in printed
