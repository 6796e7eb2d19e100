"""The example of an organisation's runtime: its functions, its template and its pipeline."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from lambda_ric.cli.main import main
from lambda_ric.deploy.image_uri import parse_image_uri
from tests.conftest import Require
from tests.examples.test_deployment import resolved
from tests.support.command import run_command
from tests.support.paths import EXAMPLES
from tests.support.runtimes_api import DIGEST, problems, runtimes_api

pytestmark = pytest.mark.slow

FOLDER = EXAMPLES / "organisation-runtime"
IMAGE = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/organisation-runtime@{DIGEST}"
PARAMETERS = {
    "Image": IMAGE,
    "Version": "v2",
    "Canary": "v2",
    "Stable": "v1",
    "AWS::AccountId": "123456789012",
}
CREATED_BY = {
    "AWS::Lambda::Runtime": "CreateRuntime",
    "AWS::Lambda::RuntimeVersion": "CreateRuntimeVersion",
    "AWS::Lambda::RuntimeAlias": "CreateRuntimeAlias",
}


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    template: Any = resolved("organisation-runtime/template.yaml", **PARAMETERS)
    found: dict[str, Any] = template["Resources"]
    return found


def invoked(code: str, layer: str) -> Any:
    options = ("--code", code, "--layer", layer, "--event", '{"name": "Ada"}')
    packages = str(FOLDER / "image")  # stands for what the image holds
    done = run_command("app.handler", *options, cwd=FOLDER, PYTHONPATH=packages)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_functions_run_from_folders_and_from_archives(tmp_path: Path) -> None:
    assert invoked("greeter", "layer") == {"greeting": "Hello, Ada!", "on": "none"}
    code, layer = (
        shutil.make_archive(str(tmp_path / name), "zip", FOLDER / name)
        for name in ("canary", "layer")
    )
    found = invoked(code, layer)
    assert [Path(place).name for place in found["searched_first"]] == [
        "task",
        "site-packages",
        "python",
    ]


def test_the_service_would_take_the_properties(resources: dict[str, Any]) -> None:
    model = botocore.session.get_session().get_service_model("lambda-core")
    checked = []
    for name, resource in resources.items():
        if operation := CREATED_BY.get(resource["Type"]):
            shape = model.operation_model(operation).input_shape
            assert list(problems(shape, resource["Properties"])) == [], name
            checked.append(name)
    assert checked == ["Runtime", "NewestVersion", "CanaryAlias", "StableAlias"]
    config = (
        botocore.session.get_session()
        .get_service_model("lambda")
        .shape_for("FunctionRuntimeConfig")
    )
    for name, alias in (("Greeter", "stable"), ("CanaryFunction", "canary")):
        properties = resources[name]["Properties"]
        assert list(problems(config, properties["RuntimeConfig"])) == []
        assert (properties["Runtime"], properties["RuntimeConfig"]["RuntimeAlias"]) == (
            "custom",
            alias,
        )


def test_an_alias_can_go_back_because_versions_stay(resources: dict[str, Any]) -> None:
    for resource in resources.values():
        if resource["Type"] in CREATED_BY:
            assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert parse_image_uri(resources["NewestVersion"]["Properties"]["ImageUri"]).digest
    assert resources["StableAlias"]["Properties"]["RuntimeVersion"] == "v1"


def test_the_schemas_for_cfn_lint_have_the_members_of_the_api() -> None:
    model = botocore.session.get_session().get_service_model("lambda-core")
    for path in sorted((FOLDER / "schemas/types").glob("*.json")):
        schema = json.loads(path.read_text())
        shape = model.operation_model(CREATED_BY[schema["typeName"]]).input_shape
        members = set(shape.members) - {"DryRun"}
        assert set(schema["properties"]) - {"Arn"} == members
        assert set(schema["required"]) == set(shape.required_members)


def test_cfn_lint_accepts_the_template_as_the_readme_runs_it(
    require: Require, tmp_path: Path
) -> None:
    require(find_spec("cfnlint"), "cfn-lint is not installed")
    folder = tmp_path / "example"
    shutil.copytree(FOLDER, folder)
    lint = "from cfnlint.runner import main; main()"
    command = [sys.executable, "-c", lint, "--non-zero-exit-code", "informational"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    template = folder / "template.yaml"
    template.write_text(template.read_text().replace("RuntimeAlias: stable", "RuntimeAlia: stable"))
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert "E3002" in done.stdout


def test_the_pipelines_commands_publish_and_roll_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (FOLDER / "PIPELINE.md").read_text()
    lines = re.findall(r"^lambda-ric (runtime publish .*)$", page, re.MULTILINE)
    values = {"$VERSION": "v2", "$STABLE": "v1", "$IMAGE": IMAGE}
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with runtimes_api() as api:
        where = ["--region", "eu-west-1", "--endpoint-url", api.url]
        first = ["--version", "v1", "--image", IMAGE, "--alias", "stable", "--alias", "canary"]
        assert main(["runtime", "publish", "organisation-python", *where, *first]) == 0
        for line in lines:
            words = [values.get(word.strip('"'), word) for word in line.split()]
            assert main([*words, *where]) == 0, line
        assert {alias["RuntimeVersion"] for alias in api.aliases.values()} == {"v1"}
        assert api.aliases["stable"]["ReleaseLifecycle"] == {"DeprecationDate": "2029-06-30"}
    assert "accepted: architectures" in capsys.readouterr().out
    assert len(lines) == 5
