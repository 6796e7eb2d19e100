"""Every template and Dockerfile of the examples passes the linters that their users would run."""

from __future__ import annotations

import re
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
SAM_VALIDATE_LINT = """
import sys
from samcli.cli.main import cli
for template in sys.argv[1:]:
    cli(["validate", "--lint", "-t", template], standalone_mode=False)
"""
"""SAM's command for several templates: to start SAM takes three times what one template takes."""


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


def test_the_sam_templates_pass_sams_own_validation(shelf: Shelf) -> None:
    examples = ["durable", "fastapi", "flask", "mcp", "sam-existing-image", "sam-image"]
    templates = [ROOT / "examples" / example / "template.yaml" for example in examples]
    environment = ["env", "SAM_CLI_TELEMETRY=0", "AWS_DEFAULT_REGION=eu-west-1"]
    printed = run([*environment, TOOLS / "python", "-c", SAM_VALIDATE_LINT, *templates])
    valid = re.findall("^(.*) is a valid SAM Template$", printed, re.M)
    assert valid == [str(template) for template in templates]
