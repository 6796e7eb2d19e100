"""`lambda-ric runtime publish`, against a server that judges its calls with botocore's model."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any, NamedTuple

import pytest

from lambda_ric.cli.main import main
from tests.support.command import COMMAND, run_command
from tests.support.paths import ROOT
from tests.support.processes import environment
from tests.support.runtimes_api import DIGEST, RuntimesApi, runtimes_api

pytestmark = pytest.mark.slow

REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/python-runtime"
IMAGE = f"{REPOSITORY}@{DIGEST}"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
}
COMPATIBLE = (
    "architectures x86_64, arm64; integration RuntimeAPI; Managed Instances: Supported\n"
    f"  linux/x86_64 {DIGEST}\n  linux/arm64 {DIGEST}\n"
)
FIRST = ("--version", "v1", "--image", IMAGE, "--alias", "stable")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[RuntimesApi]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with runtimes_api() as running:
        yield running


def words(api: RuntimesApi, *options: str) -> list[str]:
    where = ("--region", "eu-west-1", "--endpoint-url", api.url)
    return ["runtime", "publish", "python", *where, *options]


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def publish(api: RuntimesApi, *options: str) -> Done:
    """Run the command in this process, which has loaded botocore once."""
    printed, complained = StringIO(), StringIO()
    with redirect_stdout(printed), redirect_stderr(complained):
        try:
            code = main(words(api, *options))
        except SystemExit as error:  # argparse's own
            code = int(error.code or 0)
    return Done(code, printed.getvalue(), complained.getvalue())


def published(api: RuntimesApi, *options: str) -> str:
    done = publish(api, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_everything_is_created_in_order_after_the_plan_was_printed(api: RuntimesApi) -> None:
    api.is_slow = True
    printed = published(api, *FIRST, "--description", "ours", "--release-notes", "first")
    assert api.operations_called() == [
        "CreateRuntime",
        "CreateRuntimeVersion",  # DryRun
        "CreateRuntimeVersion",
        "CreateRuntimeAlias",
    ]
    assert [given.get("DryRun") for name, given in api.calls if "CreateRuntimeV" in name] == [
        True,
        None,
    ]
    assert api.versions["v1"]["State"] == "ACTIVE"
    assert api.aliases["stable"]["RuntimeVersion"] == "v1"
    assert f"the version v1: {COMPATIBLE}" in printed
    assert printed.index("  4. create the alias stable for v1") < printed.index("done 1/4: create")


def test_a_second_publication_changes_nothing(api: RuntimesApi) -> None:
    options = (*FIRST, "--description", "ours", "--state", "GA", "--deprecation-date", "2030-06-30")
    published(api, *options)
    before = len(api.operations_called())
    assert published(api, *options) == "the runtime python is as wanted\n"
    assert len(api.operations_called()) == before


def test_an_alias_moves_and_keeps_its_description_and_lifecycle(api: RuntimesApi) -> None:
    published(api, *FIRST)
    kept = {"Description": "for all", "ReleaseLifecycle": {"ReleaseState": "GA"}}
    api.aliases["stable"].update(kept)
    printed = published(api, "--version", "v2", "--image", IMAGE, "--alias", "stable")
    assert "move the alias stable from v1 to v2" in printed
    assert {name: api.aliases["stable"][name] for name in kept} == kept
    assert published(api, "--version", "v1", "--alias", "stable").count("done") == 1  # roll back
    assert api.aliases["stable"]["RuntimeVersion"] == "v1"


def test_dates_are_changed_and_what_was_not_named_stays(api: RuntimesApi) -> None:
    published(api, "--description", "ours", "--license", "MIT", "--create-block-date", "2030-09-30")
    published(api, "--deprecation-date", "2030-06-30")
    runtime = api.runtimes["python"]
    assert (runtime["Description"], runtime["LicenseInfo"]) == ("ours", "MIT")
    assert runtime["ReleaseLifecycle"] == {
        "FunctionCreateBlockDate": "2030-09-30",
        "DeprecationDate": "2030-06-30",
    }


def test_an_alias_gets_a_lifecycle_of_its_own(api: RuntimesApi) -> None:
    published(api, *FIRST, "--create-block-date", "2030-09-30")
    later = ("--alias", "stable", "--alias-state", "GA", "--alias-deprecation-date", "2031-06-30")
    assert "change ReleaseLifecycle of the alias stable" in published(api, *later)
    assert api.aliases["stable"]["ReleaseLifecycle"]["DeprecationDate"] == "2031-06-30"
    assert published(api, *later) == "the runtime python is as wanted\n"
    assert "DeprecationDate" not in api.runtimes["python"]["ReleaseLifecycle"]


def test_a_lifecycle_that_an_alias_inherits_is_not_copied_when_it_moves(api: RuntimesApi) -> None:
    published(api, *FIRST, "--deprecation-date", "2030-06-30")
    published(api, "--version", "v2", "--image", IMAGE, "--alias", "stable")
    assert "ReleaseLifecycle" not in api.aliases["stable"]


def test_a_date_that_has_come_is_no_change_and_can_be_removed(api: RuntimesApi) -> None:
    past = ("--deprecation-date", "2020-06-30")
    published(api, *past)
    assert published(api, *past) == "the runtime python is as wanted\n"  # and reads DEPRECATED
    published(api, "--deprecation-date", "none")
    assert not api.runtimes["python"]["ReleaseLifecycle"]


def test_a_dry_run_lets_lambda_examine_the_image_and_changes_nothing(api: RuntimesApi) -> None:
    assert "not examined" in published(api, *FIRST, "--dry-run")
    assert api.operations_called() == []
    published(api)
    printed = published(api, *FIRST, "--dry-run")
    assert f"accepted: {COMPATIBLE}" in printed
    assert (api.versions, api.aliases) == ({}, {})


def test_throttled_and_failing_calls_are_repeated(api: RuntimesApi) -> None:
    throttled = ["TooManyRequestsException"] * 2
    api.errors = {"GetRuntime": ["ServiceException"], "CreateRuntimeVersion": throttled}
    published(api, *FIRST)
    assert api.aliases["stable"]["RuntimeVersion"] == "v1"


def test_an_interrupted_publication_goes_on_where_it_stopped(api: RuntimesApi) -> None:
    api.final_state = "CREATING"  # so that it waits
    command = [*COMMAND, *words(api, *FIRST)]
    with subprocess.Popen(command, env=environment(**CREDENTIALS), stdout=subprocess.PIPE) as done:
        assert done.stdout is not None
        for line in done.stdout:
            if line.startswith(b"done 2/"):
                break
        done.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    api.final_state = "ACTIVE"
    published(api, *FIRST)
    assert api.operations_called().count("CreateRuntime") == 1
    assert api.aliases["stable"]["RuntimeVersion"] == "v1"


def test_another_publication_that_comes_first_is_no_error(api: RuntimesApi) -> None:
    api.errors = {"CreateRuntime": ["ResourceConflictException"]}
    assert "something has changed in the meantime" in published(api)
    api.errors = {"CreateRuntimeVersion": ["ResourceConflictException"] * 3}
    done = publish(api, *FIRST)
    assert (done.returncode, done.stdout.splitlines()[-1][:15]) == (1, "not published: ")


def test_a_version_that_fails_is_reported_and_not_released(api: RuntimesApi) -> None:
    api.final_state = "FAILED"
    done = publish(api, *FIRST)
    assert done.returncode == 1
    assert "the version v1 is not active: its state is FAILED" in done.stdout
    assert api.aliases == {}
    assert "v1 is FAILED; choose another name" in publish(api, *FIRST).stdout


def test_a_version_is_never_taken_for_another_image(api: RuntimesApi) -> None:
    published(api, *FIRST)
    other = f"{REPOSITORY}@sha256:{'b' * 64}"
    done = publish(api, "--version", "v1", "--image", other)
    assert done.returncode == 1
    assert "the version v1 exists with another image" in done.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"State": "PENDING_DELETION"}, "the runtime python is PENDING_DELETION; it can be"),
        ({"State": "FAILED"}, "the runtime python is FAILED"),
    ],
)
def test_a_runtime_that_cannot_be_changed_is_left_alone(
    change: dict[str, Any], sentence: str, api: RuntimesApi
) -> None:
    published(api)
    api.runtimes["python"].update(change)
    done = publish(api, *FIRST)
    assert (done.returncode, sentence in done.stdout) == (1, True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--alias", "stable"], "name the version that the alias leads to"),
        (["--release-notes", "new"], "add --version"),
        (["--alias-state", "GA"], "add --alias"),
        (
            ["--state", "DEPRECATED", "--deprecation-date", "2999-01-01"],
            "--state DEPRECATED contra",
        ),
        (["--state", "GA", "--deprecation-date", "2020-01-01"], "--state GA contradicts"),
        (["--version", "v1", "--image", "docker.io/python"], "--image docker.io/python: "),
        (["--deprecation-date", "tomorrow"], "'tomorrow' is not a date, such as"),
        (["--state", "OLD"], "--state"),
    ],
)
def test_wrong_usage_is_one_line_and_calls_nothing(
    options: list[str], sentence: str, api: RuntimesApi
) -> None:
    done = publish(api, *options)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert sentence in done.stderr
    assert api.calls == []


def test_an_error_of_aws_is_one_line(api: RuntimesApi) -> None:
    done = run_command("runtime", "publish", "UPPER", *words(api)[3:], cwd=ROOT, **CREDENTIALS)
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (1, 1, "")
    assert "InvalidParameterValueException" in done.stdout


def test_missing_credentials_are_reported(api: RuntimesApi) -> None:
    nothing = {**CREDENTIALS, "AWS_ACCESS_KEY_ID": "", "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    done = run_command(*words(api), cwd=ROOT, **nothing)
    assert (done.returncode, "credentials" in done.stdout, done.stderr) == (1, True, "")
