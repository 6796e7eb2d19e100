"""The finder that is quicker than Python's finds the same, or leaves the search to Python."""

from __future__ import annotations

import os
import pkgutil
import py_compile
import sys
import zipfile
from collections.abc import Callable
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    ModuleSpec,
    PathFinder,
    SourceFileLoader,
)
from pathlib import Path

import pytest

from lambda_ric.ondemand.quick_finder import QuickFinder
from lambda_ric.testing import Emulator, Event
from tests.support.runtime import serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is used on Linux alone")

FEW = "import json, logging"
MANY = f"{FEW}, asyncio, http.server, unittest, urllib.request, xml.dom.minidom"
FACTS = """
import sys
def handler(event, context):
    import lambda_ric.ondemand as ondemand
    return [
        type(json.__loader__).__name__,
        "QuickFinder" in [type(finder).__name__ for finder in sys.meta_path],
        hasattr(ondemand, "quick_finder"),
    ]
"""


def described(spec: ModuleSpec | None) -> object:
    """Return all that a module's code can see of its spec, but for the loader's class."""
    if spec is None:
        return None
    places = spec.submodule_search_locations
    return [
        spec.name,
        spec.origin,
        spec.cached,
        spec.has_location,
        spec.parent,
        None if places is None else list(places),
        isinstance(spec.loader, SourceFileLoader),
        vars(spec.loader).get("path"),
    ]


def found(name: str, *folders: Path) -> bool:
    """Tell whether the finder finds a module; then it must be the one that Python finds."""
    path = [str(folder) for folder in folders]
    spec = QuickFinder().find_spec(name, path)
    assert spec is None or described(spec) == described(PathFinder.find_spec(name, path))
    return spec is not None


def code_of(spec: ModuleSpec | None) -> object:
    assert spec is not None
    assert isinstance(spec.loader, SourceFileLoader)
    return spec.loader.get_code(spec.name)


def test_it_finds_what_python_finds_in_the_standard_library_and_in_packages() -> None:
    finder = QuickFinder()
    different, quickly = [], 0
    for module in pkgutil.iter_modules():
        spec = finder.find_spec(module.name)
        if spec is None:
            continue
        quickly += 1
        if described(spec) != described(PathFinder.find_spec(module.name)):
            different.append(module.name)
    assert different == []
    assert quickly > 150


def test_it_reads_the_code_that_python_reads(tmp_path: Path) -> None:
    (tmp_path / "large.py").write_text("TEXT = " + repr("x" * 200_000))
    py_compile.compile(str(tmp_path / "large.py"))
    finder, path = QuickFinder(), [str(tmp_path), *sys.path]
    for name in ("large", "argparse", "json", "textwrap"):
        spec = finder.find_spec(name, path)
        assert code_of(spec) == code_of(PathFinder.find_spec(name, path))
        assert spec is not None
        assert type(spec.loader) is SourceFileLoader  # from then on
        assert code_of(spec) == code_of(spec)


def _extension(folder: Path) -> None:
    (folder / f"module{EXTENSION_SUFFIXES[0]}").touch()


def _bytecode_alone(folder: Path) -> None:
    (folder / "other.py").write_text("")
    py_compile.compile(str(folder / "other.py"), cfile=str(folder / "module.pyc"))


def _namespace(folder: Path) -> None:
    (folder / "module").mkdir()
    (folder / "module" / "part.py").write_text("")


def _compiled_package(folder: Path) -> None:
    (folder / "module").mkdir()
    (folder / "module" / "__init__.py").write_text("")
    (folder / "module" / f"__init__{EXTENSION_SUFFIXES[0]}").touch()


def _folder_named_as_a_source(folder: Path) -> None:
    (folder / "module.py").mkdir()


def _link_to_nowhere(folder: Path) -> None:
    (folder / "module.py").symlink_to(folder / "gone.py")


@pytest.mark.parametrize(
    "make",
    [
        _extension,
        _bytecode_alone,
        _namespace,
        _compiled_package,
        _folder_named_as_a_source,
        _link_to_nowhere,
    ],
)
def test_what_is_no_plain_source_is_left_to_python(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (second / "module.py").write_text("")
    make(first)
    assert not found("module", first, second)
    if make is _namespace:
        assert found("module.part", first / "module")


def test_a_source_beside_an_extension_module_is_left_to_python(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("")
    assert found("module", tmp_path)
    _extension(tmp_path)
    assert not found("module", tmp_path)


def test_what_is_no_folder_is_left_to_python(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("")
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("module.py", "")
    assert found("module", tmp_path / "missing", tmp_path)
    assert not found("module", tmp_path / "archive.zip", tmp_path)
    assert not found("module", Path("relative"), tmp_path)


def test_a_file_made_after_its_folder_was_listed_is_left_to_python(tmp_path: Path) -> None:
    finder, path = QuickFinder(), [str(tmp_path)]
    assert finder.find_spec("module", path) is None
    (tmp_path / "module.py").write_text("")
    assert finder.find_spec("module", path) is None
    assert PathFinder.find_spec("module", path) is not None
    finder.invalidate_caches()
    assert finder.find_spec("module", path) is not None


def test_a_path_hook_of_the_function_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "module.py").write_text("")
    finder = QuickFinder()
    assert finder.find_spec("module", [str(tmp_path)]) is not None
    monkeypatch.setattr(sys, "path_hooks", [lambda _: None, *sys.path_hooks])
    assert finder.find_spec("module", [str(tmp_path)]) is None


@pytest.mark.parametrize("mode", list(py_compile.PycInvalidationMode))
def test_bytecode_is_used_as_python_would(
    mode: py_compile.PycInvalidationMode, tmp_path: Path
) -> None:
    source = tmp_path / "module.py"
    source.write_text("VALUE = 1\n")
    py_compile.compile(str(source), invalidation_mode=mode)
    for text in ("VALUE = 2\n", "VALUE = 333\n"):
        source.write_text(text)
        os.utime(source, (1, 1))
        spec, expected = (
            find("module", [str(tmp_path)])
            for find in (QuickFinder().find_spec, PathFinder.find_spec)
        )
        assert code_of(spec) == code_of(expected)


@pytest.mark.parametrize("damage", [b"", b"\0", b"\0" * 100])
def test_damaged_bytecode_is_what_it_is_for_python(damage: bytes, tmp_path: Path) -> None:
    source = tmp_path / "module.py"
    source.write_text("VALUE = 1\n")
    bytecode = Path(py_compile.compile(str(source)) or "")
    whole = bytecode.read_bytes()
    for data in (damage, whole[:8], whole[:-4], whole[:16] + damage):
        results = []
        for find in (QuickFinder().find_spec, PathFinder.find_spec):
            bytecode.write_bytes(data)
            try:
                results.append(code_of(find("module", [str(tmp_path)])))
            except Exception as error:
                results.append(repr(error))
        assert results[0] == results[1]


@pytest.mark.parametrize(
    ("imports", "bundle", "loads_it"), [(MANY, "", True), (FEW, "", False), (MANY, "off", False)]
)
def test_nothing_of_it_remains_when_the_handler_is_loaded(
    imports: str, bundle: str, loads_it: bool, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(imports + FACTS)
    environ = {"LAMBDA_RIC_BUNDLE": bundle}
    with serving("app.handler", [Event()], environ=environ, cwd=tmp_path) as runtime:
        loader, remains, loaded = runtime.result()
    assert (loader, remains, loaded) == ("SourceFileLoader", False, loads_it)


def test_an_import_that_fails_is_reported_as_ever(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(MANY + "\nimport nowhere.at_all\n")
    with Emulator("app.handler", cwd=tmp_path) as emulator:
        error = emulator.invoke().payload
    assert error["errorMessage"] == "Unable to import module 'app': No module named 'nowhere'"
