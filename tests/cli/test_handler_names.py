from __future__ import annotations

from pathlib import Path

import pytest

from lambda_ric.cli.handler_names import checked_handler, misspelt
from lambda_ric.cli.parser import UsageError
from tests.support.command import run_here


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.py").write_text("def handler(event, context): ...\n")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("def main(event, context): ...\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "name", ["app.handler", "pkg.mod.h", "pkg/mod.h", "src/app.h", "my-app.h", "main:app"]
)
def test_what_lambda_takes_is_taken(name: str) -> None:
    assert checked_handler(name) == name


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("./app.handler", "did you mean app.handler?"),
        ("./pkg/mod.h", "did you mean pkg.mod.h?"),
        ("../err/app.ok", "run in the folder of the module"),
        (".handler", "such as app.handler, run in the folder of the module"),
        (".", "module.function, such as app.handler"),
        ("app.", "module.function"),
        ("app..h", "module.function"),
        ("app.py", "app.py is a file; add the function, as in app.handler"),
        ("./app.py", "./app.py is a file; add the function, as in app.handler"),
        ("pkg/__init__.py", "add the function, as in pkg.__init__.main"),
    ],
)
def test_a_mistyped_name_is_one_sentence_with_the_right_one(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        checked_handler(name)
    assert hint in str(refused.value)
    assert ", in its folder" not in str(refused.value)


def test_an_absolute_path_in_this_folder_is_understood(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"did you mean app\.handler\?"):
        checked_handler(f"{tmp_path}/app.handler")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("app.hnadler", "app.py has no hnadler; did you mean handler?"),
        ("pkg.mian", "did you mean main?"),
        ("app.x", "app.py has no x; it has handler"),
        ("app.handler", None),
        ("elsewhere.handler", None),
    ],
)
def test_a_misspelt_function_is_hinted_at(name: str, hint: str | None) -> None:
    found = misspelt(name, "")
    assert (found is None) == (hint is None)
    assert hint is None or hint in str(found)


def test_a_name_without_a_module_is_left_to_the_runtime() -> None:
    assert checked_handler("handler") == "handler"
    assert misspelt("handler", "") is None


def test_a_function_that_may_come_from_elsewhere_is_not(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from other import *\ndef one(event, context): ...\n")
    assert misspelt("app.handler", "") is None


@pytest.mark.parametrize("command", [["./app.handler"], ["doctor", "./app.handler"]])
def test_commands_say_so_in_one_line(command: list[str], tmp_path: Path) -> None:
    done = run_here(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "did you mean app.handler?" in done.stderr
