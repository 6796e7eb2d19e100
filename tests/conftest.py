"""What all tests share."""

from __future__ import annotations

import compileall
import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.processes import not_measured

# No deadlines: what a loaded machine makes slow is not wrong. In CI the same examples each time, so
# that few of them are enough on the older versions of Python.
IN_CI = bool(os.environ.get("CI"))
EXAMPLES = 30 if IN_CI and sys.version_info < (3, 14) else 100
settings.register_profile("here", deadline=None, derandomize=IN_CI, max_examples=EXAMPLES)
settings.load_profile("here")

Require = Callable[[object, str], None]

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "lambda_ric"
MARK_OF_FOLDER = {
    **dict.fromkeys(("benchmarks", "docs", "examples", "typing"), "dev"),
    **dict.fromkeys(("images", "rie"), "images"),
    "acceptance": "acceptance",
    "agents": "agents",
}
"""Marks that every test of a folder has."""

SLOW_FOLDERS = {"parity", "powertools"}
"""Folders whose tests are few seconds each, or very many."""

WHEN_ASKED = {"acceptance", "agents", "images"}
"""Marks of tests that run only when `-m` or a path asks for them: they need a prepared machine."""


@pytest.fixture(scope="session")
def require() -> Require:
    """`require(condition, reason)`: skip where something is not to be had, but fail in CI.

    CI installs all that the tests need, so a skip there would hide a test that no longer runs.
    """

    def check(condition: object, reason: str) -> None:
        if condition:
            return
        if os.environ.get("CI"):
            pytest.fail(f"CI must be able to run this: {reason}")
        pytest.skip(reason)

    return check


@pytest.fixture(scope="session")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where mypy remembers what it read: in CI from one run to the next.

    A folder in it for each way of running it, for they would overwrite what the others have.
    """
    kept = os.environ.get("MYPY_CACHE_DIR")
    return Path(kept) if kept else tmp_path_factory.mktemp("mypy")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the package and the handlers once: what tests start writes no bytecode."""
    if not hasattr(session.config, "workerinput"):  # what xdist starts finds it done
        compileall.compile_dir(PACKAGE, quiet=1)
        for folder in HERE.glob("**/handlers"):
            compileall.compile_dir(folder, quiet=2)  # some of them are no Python, on purpose


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Have scripts/coverage follow the processes of those tests alone that are marked for it."""
    with nullcontext() if item.get_closest_marker("measured") else not_measured():
        return (yield)


@pytest.hookimpl(hookwrapper=True)
def pytest_collection() -> Iterator[None]:
    """Take thousands of tests out of later garbage collections: they stay to the end."""
    gc.disable()
    yield
    gc.enable()
    if sys.version_info < (3, 14):  # there Hypothesis looks for referrers, which this would hide
        gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the folders that nobody asked for: to import their tests takes seconds."""
    mark = MARK_OF_FOLDER.get(collection_path.name)
    if mark is None or collection_path.parent != HERE:
        return None
    expression = config.option.markexpr
    paths = [Path(argument.split("::")[0]).resolve() for argument in config.args]
    is_named = any(collection_path in (path, *path.parents) for path in paths)
    is_asked_for = mark not in WHEN_ASKED or mark in expression or is_named
    return None if is_asked_for and f"not {mark}" not in expression else True


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of some folders."""
    marks = cache(_marks_of)
    for item in items:
        for mark in marks(item.path):
            item.add_marker(mark)


def _marks_of(path: Path) -> list[str]:
    """Return the marks that all tests of a file have."""
    folder = path.relative_to(HERE).parts[0]
    marks = ["slow"] if folder in SLOW_FOLDERS else []
    return [*marks, MARK_OF_FOLDER[folder]] if folder in MARK_OF_FOLDER else marks
