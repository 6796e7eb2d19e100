"""A handler is found by its name, and a fault says what is wrong with one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambda_ric.runtime import errors
from lambda_ric.runtime.handler import load


@pytest.fixture(autouse=True)
def functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that can be imported: one that works, and some that do not."""
    package = tmp_path / "package_of_handlers"
    package.mkdir()
    sources = {
        "works": "def handler(event, context):\n    return event\n",
        "lacks": "import a_module_that_is_not_there\n",
        "breaks": "def handler(event, context:\n",
        "fails": "raise LookupError('no table')\n",
    }
    for name, source in sources.items():
        (package / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize("separator", [".", "/"])
def test_dots_and_slashes_lead_to_a_module_of_a_package(separator: str) -> None:
    handler = load(f"package_of_handlers{separator}works.handler")
    assert handler({"a": 1}, None) == {"a": 1}


@pytest.mark.parametrize(
    ("name", "error_type", "message"),
    [
        ("handler", errors.MALFORMED_HANDLER_NAME, "Bad handler 'handler': "),
        ("sys.exit", errors.BUILT_IN_MODULE_CONFLICT, "Cannot use built-in module sys"),
        ("nowhere.handler", errors.IMPORT_MODULE_ERROR, "Unable to import module 'nowhere': "),
        ("package_of_handlers.works.other", errors.HANDLER_NOT_FOUND, "Handler 'other' missing"),
        ("package_of_handlers.lacks.handler", errors.IMPORT_MODULE_ERROR, "Unable to import"),
        ("package_of_handlers.breaks.handler", errors.USER_CODE_SYNTAX_ERROR, "Syntax error in"),
    ],
)
def test_a_fault_says_what_is_wrong(name: str, error_type: str, message: str) -> None:
    with pytest.raises(errors.Fault) as raised:
        load(name)
    assert raised.value.error_type == error_type
    assert str(raised.value).startswith(message)


def test_a_syntax_error_brings_its_file_and_line() -> None:
    with pytest.raises(errors.Fault) as raised:
        load("package_of_handlers.breaks.handler")
    (place,) = raised.value.trace
    assert 'breaks.py" Line 1\n' in place
    assert "def handler(event, context:" in place


def test_an_exception_of_the_module_passes_through() -> None:
    with pytest.raises(LookupError, match="no table"):
        load("package_of_handlers.fails.handler")
