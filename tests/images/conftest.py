"""The workshop that all image tests share: stand-in base images, and the project's own wheel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.images import workshop
from tests.images.standins import build_standins


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, require: Require) -> Iterator[workshop.Shelf]:
    """The wheels that builds may install, this checkout's among them; base images stand ready."""
    if "LAMBDA_RIC_CACHE" not in os.environ:
        # In CI, too, where scripts/image-tests is a step of its own.
        pytest.skip("images are built by scripts/image-tests")
    require(not (lacking := workshop.missing()), f"building images needs {lacking}")
    build_standins()
    filled = workshop.Shelf(tmp_path_factory.mktemp("shelf"))
    workshop.build_wheel(filled.wheels)
    yield filled
    workshop.tidy()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, none by hand."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.images)
