"""botocore's services come from a bundle, and are the same that botocore lists."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.loaders import Loader

from lambda_ric.ondemand.service_listings import LOADERS, ServiceListings
from lambda_ric.testing import Event
from tests.support.command import run_command
from tests.support.runtime import serving

FILES = "service-2"


@contextmanager
def installed(known: Any = None) -> Iterator[ServiceListings]:
    listings = ServiceListings({} if known is None else known)
    listings.install()
    try:
        yield listings
    finally:
        listings.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with the data of one service."""
    add_service(tmp_path, "first")
    return tmp_path


def add_service(folder: Path, name: str) -> None:
    file = folder / name / "2026-01-01" / f"{FILES}.json"
    file.parent.mkdir(parents=True)
    file.write_text("{}")


def loader_of(folder: Path) -> Any:
    return Loader(extra_search_paths=[str(folder)], include_default_search_paths=False)


def of_the_bundle(data: Path) -> Any:
    """Return what a bundle would know of the folder, but with a service that is not there."""
    with installed() as recorded:
        loader_of(data).list_available_services(FILES)
    return {search: [*services, "of the bundle"] for search, services in recorded.known.items()}


def test_what_was_listed_once_is_known(data: Path) -> None:
    with installed() as recorded:
        assert loader_of(data).list_available_services(FILES) == ["first"]
    (((file, ((folder, _),)), services),) = recorded.known.items()
    assert (file, folder, services) == (FILES, str(data), ["first"])
    with installed(of_the_bundle(data)):
        assert loader_of(data).list_available_services(FILES) == ["first", "of the bundle"]
        assert loader_of(data).list_available_services("waiters-2") == []


def test_a_new_date_alone_is_no_change(data: Path) -> None:
    known = of_the_bundle(data)
    os.utime(data, (1_000, 1_000))
    with installed(known):
        assert loader_of(data).list_available_services(FILES) == ["first", "of the bundle"]


def test_a_service_that_was_added_is_listed(data: Path) -> None:
    known = of_the_bundle(data)
    add_service(data, "second")
    with installed(known):
        assert loader_of(data).list_available_services(FILES) == ["first", "second"]


def test_a_folder_that_is_gone_is_another_search(data: Path) -> None:
    known = of_the_bundle(data)
    shutil.rmtree(data)
    with installed(known):
        assert loader_of(data).list_available_services(FILES) == []


def test_callers_may_change_what_they_get(data: Path) -> None:
    with installed(of_the_bundle(data)):
        loader_of(data).list_available_services(FILES).clear()
        assert loader_of(data).list_available_services(FILES) == ["first", "of the bundle"]


def test_a_loader_remembers_its_listing_afterwards(data: Path) -> None:
    loader = loader_of(data)
    with installed(of_the_bundle(data)):
        listed = loader.list_available_services(FILES)
    assert loader.list_available_services(FILES) == listed == ["first", "of the bundle"]


def test_nothing_is_left_behind() -> None:
    before = vars(Loader).copy()
    with installed():
        assert vars(Loader) != before
    assert vars(Loader) == before


def test_a_method_that_somebody_else_replaced_is_left_alone() -> None:
    before = Loader.list_available_services
    try:
        with installed():
            Loader.list_available_services = theirs = lambda *_: ["theirs"]
        assert Loader.list_available_services is theirs
    finally:
        Loader.list_available_services = before


def test_a_botocore_without_such_a_loader_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, LOADERS, ModuleType(LOADERS))
    with installed():
        assert vars(sys.modules[LOADERS]).keys() >= {"__name__"}
        assert not hasattr(sys.modules[LOADERS], "Loader")


FUNCTION = """
import sys

listed = []
sys.addaudithook(lambda event, args: event == "os.listdir" and listed.append(str(args[0])))

import botocore.session

session = botocore.session.get_session()
session.set_credentials("a", "b")
clients = [session.create_client(name, region_name="eu-west-1") for name in ("sqs", "sns")]
in_data = [folder for folder in listed if "/botocore/data/" in folder.replace("\\\\", "/")]

def handler(event, context):
    names = [client.meta.service_model.service_name for client in clients]
    return {"folders": len(in_data), "services": session.get_available_services(), "names": names}
"""


@pytest.mark.measured
@pytest.mark.slow
def test_a_client_is_made_without_a_look_into_the_folders_of_all_services(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(FUNCTION)
    assert run_command("bundle", "app.handler", cwd=tmp_path).returncode == 0
    usual, bundled = (answer(tmp_path, LAMBDA_RIC_BUNDLE=bundle) for bundle in ("off", ""))
    checked = answer(tmp_path, LAMBDA_RIC_BUNDLE_CHECK="all")
    assert bundled["services"] == usual["services"] == checked["services"]
    assert bundled["names"] == usual["names"] == ["sqs", "sns"]
    assert usual["folders"] > len(usual["services"]) > 100
    assert checked["folders"] == usual["folders"]
    assert bundled["folders"] < 10


def answer(task: Path, **environ: str) -> Any:
    with serving("app.handler", [Event()], cwd=task, environ=environ) as runtime:
        found = runtime.result()
        assert runtime.log == ""
    return found
