"""Who may import whom: the table of docs/architecture.md, enforced."""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.source import (
    MODULES,
    PACKAGE,
    Import,
    imports_of,
    module_of,
    name_of,
    violations,
)

ROOT_MODULE = ""
EVERYTHING = {path.name for path in PACKAGE.iterdir() if path.is_dir()} | {ROOT_MODULE}

MAY_IMPORT = {
    "wire": {"wire"},
    "runtime": {"runtime", "wire", ROOT_MODULE},  # and ondemand, through runtime/doors.py
    "sdk": {"sdk", "runtime", "wire", ROOT_MODULE},
    "ondemand": {"ondemand", "sdk", "runtime", "wire", ROOT_MODULE},
    "aws": {"aws"},
    "events": {"events", "aws"},
    "caller": {"caller", "wire"},
    "emulator": {
        "emulator",
        "aws",
        "events",
        "wire",
        ROOT_MODULE,
    },  # never the runtime: it judges that
    "deploy": {"deploy", "aws"},
    "testing": EVERYTHING - {"cli"},
    "cli": EVERYTHING - {"testing"},
}
ENTRIES = {
    "lambda_ric/__init__.py": {"runtime", "sdk"},  # the public names, when asked for
    "lambda_ric/__main__.py": {"runtime", "cli"},
}
EMULATOR_FLOORS = {
    "service": 6,
    "gateway": 5,
    "invoke_api": 5,
    "destinations": 5,
    "durable": 5,
    "lambda_api": 5,
    "scheduling": 4,
    "environment": 3,
    "api_query": 3,
    "runtime_api": 2,
    "streamed_invoke": 2,
    "api_errors": 2,
    "log": 1,
    "http": 1,
    "clock": 0,
    "destination": 0,
    "function": 0,
    "function_name": 0,
    "invoke": 0,
    "life": 0,
    "listening": 0,
    "lifecycle": 0,
    "extended_lifecycle": 0,
    "platform_errors": 0,
}
"""The rooms of the emulator: each may import from its own and from lower floors only.

Rooms on one floor do not know each other, except for the vocabulary on the ground.
"""
STANDARD_LIBRARY_AT_START = {
    "wire": {"binascii"},
    "runtime": {
        "_json",
        "_socket",
        "gc",
        "importlib",  # loaded by every `python -m`, as is its `util`
        "importlib.util",
        "marshal",
        "os",
        "sys",
        "time",
    },
}
TYPES_FROM = {"runtime": ("ondemand", "sdk")}
"""Folders whose names may be used in annotations alone."""

DOORS = "lambda_ric/runtime/doors.py"

EXPENSIVE = {"dataclasses", "enum", "importlib.abc", "pathlib", "typing"}
"""Each costs as much as the whole runtime, and there are alternatives."""

PROTOCOLS = "lambda_ric/sdk/handler_types.py"
"""Imports `typing`, as code that uses the types does anyway."""

IN_FOLDERS = [path for path in MODULES if path.parent != PACKAGE]


def folder_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def allowed(path: Path, wanted: Import) -> bool:
    folder = folder_of(path)
    if wanted.folder in MAY_IMPORT[folder] | {"elsewhere"}:
        return True
    if (folder, wanted.folder) == ("runtime", "ondemand"):
        return wanted.when == "never" or (name_of(path) == DOORS and wanted.when == "call")
    return wanted.when == "never" and wanted.folder in TYPES_FROM.get(folder, ())


def room_of(module: str) -> str | None:
    """Return the room of a module of the emulator; its face, and what is elsewhere, has none."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["lambda_ric", "emulator"] and len(parts) > 2 else None


def climbs(room: str, wanted: Import) -> bool:
    other = room_of(wanted.module)
    if other is None:
        return wanted.module == "lambda_ric.emulator"  # the face looks at all floors
    here, there = EMULATOR_FLOORS[room], EMULATOR_FLOORS[other]
    return other != room and (there > here or there == here > 0)


def test_no_line_of_the_emulator_climbs() -> None:
    def climbing(path: Path) -> list[Import]:
        room = room_of(module_of(path))
        return [wanted for wanted in imports_of(path) if room is not None and climbs(room, wanted)]

    assert not violations((p for p in MODULES if folder_of(p) == "emulator"), climbing)


def test_there_is_no_cycle_between_files() -> None:
    graph = {
        module_of(path): {wanted.module for wanted in imports_of(path) if wanted.when == "start"}
        for path in MODULES
    }
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_every_folder_has_a_row_in_the_table() -> None:
    assert {folder_of(path) for path in IN_FOLDERS} <= set(MAY_IMPORT)


def test_a_module_imports_what_its_folder_may() -> None:
    def forbidden(path: Path) -> list[Import]:
        return [wanted for wanted in imports_of(path) if not allowed(path, wanted)]

    assert not violations(IN_FOLDERS, forbidden)


@pytest.mark.parametrize(("name", "folders"), ENTRIES.items())
def test_the_entries_import_nothing_before_it_is_needed(name: str, folders: set[str]) -> None:
    imports = imports_of(PACKAGE.parent / name)
    ours = [wanted for wanted in imports if wanted.folder != "elsewhere"]
    assert not [wanted for wanted in ours if wanted.when == "start"]
    assert {wanted.folder for wanted in ours} <= folders


def test_at_the_top_there_are_entries_alone() -> None:
    assert {name_of(path) for path in MODULES if path.parent == PACKAGE} == set(ENTRIES)


def test_a_cold_start_imports_the_standard_library_sparingly() -> None:
    def extravagant(path: Path) -> set[str]:
        at_start = (wanted for wanted in imports_of(path) if wanted.when == "start")
        modules = {wanted.module for wanted in at_start if wanted.folder == "elsewhere"}
        return modules - STANDARD_LIBRARY_AT_START[folder_of(path)] - {"__future__"}

    paths = [path for path in IN_FOLDERS if folder_of(path) in STANDARD_LIBRARY_AT_START]
    assert not violations(paths, extravagant)


def test_on_demand_modules_avoid_expensive_conveniences() -> None:
    def expensive(path: Path) -> set[str]:
        return EXPENSIVE & {wanted.module for wanted in imports_of(path) if wanted.when == "start"}

    on_demand = (path for path in IN_FOLDERS if folder_of(path) in ("ondemand", "sdk"))
    assert not violations((path for path in on_demand if name_of(path) != PROTOCOLS), expensive)


def test_cold_start_modules_import_late_only_through_the_doors() -> None:
    def late(path: Path) -> list[Import]:
        return [wanted for wanted in imports_of(path) if wanted.when == "call"]

    at_start = (path for path in IN_FOLDERS if folder_of(path) in STANDARD_LIBRARY_AT_START)
    assert not violations((path for path in at_start if name_of(path) != DOORS), late)
