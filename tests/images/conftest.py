"""The workshop that all image tests share: stand-in base images, and the project's own wheel."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.conftest import Require
from tests.images import workshop
from tests.images.standins import build_standins


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, require: Require) -> Iterator[workshop.Shelf]:
    """The wheels that builds may install, this checkout's among them; base images stand ready."""
    require("LAMBDA_RIC_CACHE" in os.environ, "images are built by scripts/image-tests")
    require(not (lacking := workshop.missing()), f"building images needs {lacking}")
    build_standins()
    filled = workshop.Shelf(tmp_path_factory.mktemp("shelf"))
    workshop.build_wheel(filled.wheels)
    yield filled
    workshop.tidy()
