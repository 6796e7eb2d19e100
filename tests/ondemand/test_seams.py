"""The seams under this runtime alone: coroutines and streams, and where AWS's package is absent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lambda_ric.testing import Event
from tests.support.paths import ROOT
from tests.support.runtime import serving

pytestmark = pytest.mark.measured

WITHOUT_PACKAGES = ("-S",)
"""Options of Python: nothing is installed then, AWS's package neither."""

with_and_without_packages = pytest.mark.parametrize(
    "python", [(), WITHOUT_PACKAGES], ids=["installed", "absent"]
)

AT_IMPORT = {"WRAP": "at import"}


def told(
    handler: str,
    *events: str,
    environ: dict[str, str] | None = None,
    python: tuple[str, ...] = WITHOUT_PACKAGES,
) -> list[bytes]:
    """Return the bodies of all posts."""
    script = [Event(event) for event in events]
    with serving(f"seams.{handler}", script, environ=environ, python=python) as runtime:
        return [post.body for post in runtime.posts(len(events))]


def test_a_tool_sees_an_invocation_from_its_beginning_to_its_end() -> None:
    _, second = told("handler", "x", "tell", environ=AT_IMPORT)
    assert second == b'["begins", "ends", "sent", "begins"]'


@with_and_without_packages
def test_a_tool_that_is_set_up_by_an_invocation_sees_how_that_one_is_sent(
    python: tuple[str, ...],
) -> None:
    _, second = told("handler", "wrap", "tell", python=python)
    assert second == b'["sent", "begins"]'


@with_and_without_packages
def test_an_invocation_that_sets_a_tool_up_and_fails_is_reported(python: tuple[str, ...]) -> None:
    first, second = told("handler", "wrap and fail", "tell", python=python)
    assert b'"errorMessage": "after the tool was set up"' in first
    assert second == b'["begins"]'


def test_a_tool_sees_a_coroutine_to_its_end() -> None:
    _, second = told("coroutine", "x", "tell", environ=AT_IMPORT)
    assert second == b'["begins", "awaited", "ends", "sent", "begins", "awaited"]'


def test_a_tool_sees_the_error_of_a_coroutine() -> None:
    first, second = told("coroutine", "fail", "tell", environ=AT_IMPORT)
    assert b'"errorMessage": "late"' in first
    assert second == b'["begins", "awaited", "fails: late", "ends", "begins", "awaited"]'


@pytest.mark.parametrize("handler", ["generator", "response"])
def test_a_tool_sees_a_stream_to_its_end(handler: str) -> None:
    first, second = told(handler, "x", "tell", environ=AT_IMPORT)
    assert first == b"one None"
    assert second == b"one ['begins', 'yielded', 'ends', 'sent', 'begins', 'yielded']"


@pytest.mark.parametrize("handler", ["generator", "response"])
def test_a_tool_sees_the_error_of_a_stream_which_is_reported_once(handler: str) -> None:
    events = [Event("fail"), Event("tell")]
    with serving(f"seams.{handler}", events, environ=AT_IMPORT) as runtime:
        first, second = runtime.posts(2)
        log = runtime.log
    assert first.body == b"one "
    assert first.trailer("Lambda-Runtime-Function-Error-Type") == "Function.ValueError"
    assert b"'fails: late', 'ends', 'begins'" in second.body
    assert log.count("late") == 2, "the message and the line of code"


@with_and_without_packages
def test_the_names_of_awss_client_are_this_runtimes(python: tuple[str, ...]) -> None:
    with serving("seam_names.handler", [Event(), Event()], python=python) as runtime:
        for post in runtime.posts(2):
            facts = post.json()
            assert all("lambda_ric" in file for file in facts.pop("files"))
            assert facts == {
                "version": "4.2.2",
                "theirs": True,
                "ours": True,
                "other": False,
                "handler": True,
                "unknown": False,
            }


def test_a_package_of_awss_that_was_imported_before_the_runtime_is_not_found(
    tmp_path: Path,
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import awslambdaric.bootstrap\n")
    environ = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    with serving("seam_names.handler", [Event()], environ=environ) as runtime:
        assert all("lambda_ric" in file for file in runtime.result()["files"])


def test_a_module_that_has_no_counterpart_is_awss_own() -> None:
    with serving("seam_others.handler", [Event()]) as runtime:
        assert runtime.result() == {"file": "lambda_config.py", "bootstrap": "seams"}


def test_a_module_that_is_nowhere_is_missing_in_the_usual_words() -> None:
    with serving("seam_others.handler", python=WITHOUT_PACKAGES) as runtime:
        message = runtime.result()["errorMessage"]
    assert "cannot import name 'lambda_config' from 'awslambdaric'" in message


def test_nothing_of_it_stands_in_the_way_of_awss_package_elsewhere() -> None:
    program = "import lambda_ric.runtime.bootstrap, awslambdaric.bootstrap as b; print(b.__file__)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert "awslambdaric" in done.stdout
