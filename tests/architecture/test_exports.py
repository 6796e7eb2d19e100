"""What a package says it exports is what is there, each name once, and nothing is paid early."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from tests.support.paths import ROOT

LAZY = pytest.mark.parametrize("package", ["lambda_ric", "lambda_ric.testing"])


@LAZY
def test_each_exported_name_is_there_once(package: str) -> None:
    module = import_module(package)
    names = list(getattr(module, "__all__", []))
    assert names == sorted(set(names)), "names are sorted, each stands there once"
    for name in names:
        assert getattr(module, name) is getattr(module, name)


@LAZY
def test_a_name_that_is_not_there_is_missed_in_the_usual_words(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'nothing'"):
        import_module(package).nothing  # noqa: B018 - asking for it is the test


def test_importing_the_package_imports_nothing_else() -> None:
    program = (
        "import sys; before = set(sys.modules); import lambda_ric; "
        "print(*sorted(set(sys.modules) - before - {'__future__'}))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr) == ("lambda_ric\n", "")
