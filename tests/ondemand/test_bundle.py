"""Bundles: one file with the code of all that a function imports, and Python's own semantics."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lambda_ric.ondemand.bundle import FORMAT
from lambda_ric.testing import Emulator, Event, RuntimeApi
from tests.support.processes import environment, started
from tests.support.runtime import RunningRuntime, is_one_line, serving

pytestmark = [pytest.mark.measured, pytest.mark.slow]

TASK = Path(__file__).parent / "functions" / "bundled"
BUNDLE = "lambda-ric.bundle"


def copy(to: Path) -> Path:
    """Copy the function to a folder of its own, with what it has installed beside it."""
    shutil.copytree(TASK, to, ignore=shutil.ignore_patterns("__pycache__"))
    return to / "function"


@pytest.fixture
def task(tmp_path: Path) -> Path:
    return copy(tmp_path / "task")


def variables(task: Path) -> dict[str, str]:
    places = [environment()["PYTHONPATH"], str(task.parent / "packages")]
    return {"PYTHONPATH": os.pathsep.join(places)}


def bundle(
    task: Path, *arguments: str, flags: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        *flags,
        "-m",
        "lambda_ric",
        "bundle",
        *(arguments or ("app.handler",)),
    ]
    environ = environment(**variables(task))
    return subprocess.run(
        command, cwd=task, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the bundle of a function that no test changes."""
    task = copy(tmp_path_factory.mktemp("shared") / "task")
    made = bundle(task)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith(f"{BUNDLE}: ")
    return task


@pytest.fixture
def bundled(shared: Path, tmp_path: Path) -> Iterator[Path]:
    """Let a test change the function and its bundle, which knows the places of all files."""
    shutil.copytree(shared.parent, tmp_path / "kept")
    yield shared
    shutil.rmtree(shared.parent)
    shutil.copytree(tmp_path / "kept", shared.parent)


def running(
    task: Path, *events: str, python: Sequence[str] = (), **more: str
) -> AbstractContextManager[RunningRuntime]:
    environ = {**variables(task), **more}
    script = [Event(event) for event in events or ["facts"]]
    return serving("app.handler", script, cwd=task, python=python, environ=environ)


def serve(
    task: Path, event: str = "facts", python: Sequence[str] = (), **more: str
) -> tuple[Any, bytes]:
    """Return what the function answers, and what the runtime has written until then."""
    with running(task, event, python=python, **more) as runtime:
        return runtime.result(), runtime.log.encode()


def loaders(answer: dict[str, Any]) -> set[str]:
    return {answer["facts"][module]["loader"] for module in ("app", "installed", "colorsys")}


class Served(NamedTuple):
    """What the function answers to events, and what the runtime has written until it fails."""

    answers: dict[str, Any]
    log: str


def serve_all(task: Path, **more: str) -> Served:
    fine, failing = ["left", "compilers", "facts"], ["fail", "deep"]
    with running(task, *fine, **more) as runtime:
        runtime.posts(len(fine))
        log = runtime.log
        runtime.api.feed(*map(Event, failing))
        events = [*fine, *failing]
        answers = [post.json() for post in runtime.posts(len(events))]
        return Served(dict(zip(events, answers, strict=True)), log)


@pytest.fixture(scope="module")
def ours(shared: Path) -> Served:
    """Serve all events with the bundle."""
    return serve_all(shared)


@pytest.fixture(scope="module")
def plain(shared: Path) -> Served:
    """Serve all events without it."""
    return serve_all(shared, LAMBDA_RIC_BUNDLE="off")


def test_modules_of_a_bundle_differ_in_nothing_but_their_loader(
    ours: Served, plain: Served
) -> None:
    with_bundle, without = (deepcopy(served.answers["facts"]) for served in (ours, plain))
    assert ours.log == ""
    assert loaders(with_bundle) == {"BundledLoader"}
    assert loaders(without) == {"SourceFileLoader"}
    for facts in (*with_bundle["facts"].values(), *without["facts"].values()):
        del facts["loader"]
    extensions = with_bundle.pop("extensions")  # the runtime itself has loaded one more
    assert {name: extensions[name] for name in without["extensions"]} == without.pop("extensions")
    assert with_bundle == without
    assert without["resource"] == "text of a package\n"
    assert without["facts"]["space.inside"]["file"].endswith("inside.py")


def test_nothing_of_the_bundle_is_left_once_the_function_serves(ours: Served) -> None:
    assert ours.answers["left"] == {"finders": [], "open": False}


def test_what_modules_compile_comes_from_the_bundle_while_they_load(
    ours: Served, plain: Served
) -> None:
    with_bundle, without = (served.answers["compilers"] for served in (ours, plain))
    assert with_bundle == [["lambda_ric.ondemand.precompiled"], without[0]]
    assert without[0] == without[1]


@pytest.mark.parametrize("event", ["fail", "deep"])
def test_stack_traces_are_the_same(event: str, ours: Served, plain: Served) -> None:
    with_bundle, without = (served.answers[event] for served in (ours, plain))
    assert with_bundle["stackTrace"] == without["stackTrace"] != []
    assert with_bundle["errorMessage"] == without["errorMessage"]


def test_an_import_that_fails_is_reported_the_same(shared: Path) -> None:
    (with_bundle, _), (without, _) = (
        serve(shared, FAIL="1", **more) for more in ({}, {"LAMBDA_RIC_BUNDLE": "off"})
    )
    assert with_bundle["stackTrace"] == without["stackTrace"] != []


def test_no_file_of_an_installed_module_is_read(bundled: Path) -> None:
    shutil.rmtree(bundled.parent / "packages" / "installed")
    answer, _ = serve(bundled, "installed")
    assert answer == 1


def test_no_file_of_a_module_that_is_installed_beside_the_function_is_read(bundled: Path) -> None:
    (bundled / "beside.py").unlink()
    assert serve(bundled, "beside") == (1, b"")


def test_a_reload_reads_the_file(bundled: Path) -> None:
    file = bundled.parent / "packages" / "installed" / "__init__.py"
    file.write_text("VALUE = 22\n")
    with running(bundled, "installed", "reload") as runtime:
        assert [post.json() for post in runtime.posts(2)] == [1, 22]


def test_a_changed_module_of_the_function_is_read_itself_and_named_once(bundled: Path) -> None:
    own = bundled / "own.py"
    own.write_text(own.read_text().replace("first", "later"))
    os.utime(own, (1, 1))
    answer, stderr = serve(bundled, "own")
    assert answer == "later"
    assert is_one_line(stderr)
    assert b"own.py has changed since lambda-ric.bundle was made" in stderr


def test_a_new_date_alone_is_no_change(bundled: Path) -> None:
    for file in bundled.rglob("*.py"):
        os.utime(file, (1, 1))
    answer, stderr = serve(bundled)
    assert (loaders(answer), stderr) == ({"BundledLoader"}, b"")


def test_a_module_that_is_gone_is_missed_as_ever(bundled: Path) -> None:
    (bundled / "own.py").unlink()
    answer, _ = serve(bundled)
    assert answer["errorMessage"] == "Unable to import module 'app': No module named 'own'"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (FORMAT.encode(), b"lambda-ric bundle 0", b"it does not begin with"),
        (b"\npython 3.", b"\npython 2.", b"it was made for python 2."),
        (b"\npath /", b"\npath !", b"it was made for the sys.path"),
    ],
)
def test_a_bundle_for_something_else_is_ignored_with_one_line(
    old: bytes, new: bytes, complaint: bytes, bundled: Path
) -> None:
    file = bundled / BUNDLE
    file.write_bytes(file.read_bytes().replace(old, new, 1))
    answer, stderr = serve(bundled)
    assert loaders(answer) == {"SourceFileLoader"}
    assert is_one_line(stderr)
    assert b"lambda-ric.bundle is ignored: " + complaint in stderr


@pytest.mark.parametrize("part", [0.0, 0.0001, 0.02, 0.1, 0.5, 0.999])
def test_a_damaged_bundle_costs_time_and_nothing_else(part: float, bundled: Path) -> None:
    file = bundled / BUNDLE
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * part)])
    answer, stderr = serve(bundled)
    assert set(answer["facts"]) >= {"app", "installed"}
    assert stderr == b"" or is_one_line(stderr)


def test_the_bundle_may_be_elsewhere(task: Path, tmp_path: Path) -> None:
    place = tmp_path / "somewhere"
    assert bundle(task, "app.handler", "-o", str(place)).returncode == 0
    answer, stderr = serve(task, LAMBDA_RIC_BUNDLE=str(place))
    assert (loaders(answer), stderr) == ({"BundledLoader"}, b"")
    place.unlink()
    answer, stderr = serve(task, LAMBDA_RIC_BUNDLE=str(place))
    assert loaders(answer) == {"SourceFileLoader"}
    assert stderr == f"lambda-ric: {place} is ignored: No such file or directory\n".encode()


def test_a_bundle_is_for_one_level_of_optimization(task: Path) -> None:
    assert bundle(task, flags=("-O",)).returncode == 0
    answer, stderr = serve(task, python=["-O"])
    assert (loaders(answer), stderr) == ({"BundledLoader"}, b"")
    answer, stderr = serve(task)
    assert loaders(answer) == {"SourceFileLoader"}
    assert b"it was made for optimize 1, and this is optimize 0" in stderr


@pytest.mark.parametrize("mode", ["process", "thread"])
def test_several_invocations_at_once_have_it_too(mode: str, shared: Path) -> None:
    concurrent = {"AWS_LAMBDA_MAX_CONCURRENCY": "2", "AWS_LAMBDA_CONCURRENCY_MODE": mode}
    with running(shared, **concurrent) as runtime:
        assert loaders(runtime.result()) == {"BundledLoader"}


@pytest.mark.skipif(os.name != "posix", reason="scripts are programs of their own on Windows")
def test_the_script_finds_the_same_bundle(shared: Path, tmp_path: Path) -> None:
    script = tmp_path / "lambda-ric"
    script.write_text("from lambda_ric.__main__ import main\nmain()\n")
    with RuntimeApi([Event("facts")]) as api:
        environ = environment(AWS_LAMBDA_RUNTIME_API=api.address, **variables(shared))
        with started([sys.executable, script, "app.handler"], shared, environ):
            assert loaders(api.wait_for_posts(1)[0].json()) == {"BundledLoader"}


def test_the_emulator_never_serves_what_is_old(bundled: Path) -> None:
    environ = variables(bundled)
    with Emulator("app.handler", cwd=bundled, env=environ) as emulator:
        assert loaders(emulator.invoke("facts").payload) == {"BundledLoader"}
    installed = bundled.parent / "packages" / "installed" / "__init__.py"
    installed.write_text("VALUE = 333\n")
    (bundled / "colorsys.py").write_text("NEW = True\n")
    with Emulator("app.handler", cwd=bundled, env=environ) as emulator:
        assert emulator.invoke("installed").payload == 333
        assert emulator.invoke("shadow").payload is True


def test_a_handler_that_cannot_be_imported_leaves_no_bundle(task: Path) -> None:
    made = bundle(task, "nowhere.handler")
    assert (made.returncode, made.stdout) == (1, "")
    assert "No module named 'nowhere'" in made.stderr
    assert made.stderr.endswith("nowhere.handler cannot be imported; see above\n")
    assert not list(task.glob(f"{BUNDLE}*"))


def test_a_place_that_cannot_be_written_to_is_one_line(task: Path) -> None:
    for place in (task / "nowhere" / "bundle", task):
        made = bundle(task, "app.handler", "-o", str(place))
        assert (made.returncode, made.stdout, made.stderr.count("\n")) == (2, "", 1)


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Let new processes heed SIGINT: those of a shell in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals to groups")
def test_ctrl_c_during_the_import_ends_in_silence(task: Path, heeds_ctrl_c: None) -> None:
    (task / "slow.py").write_text("import time\nprint('begun', flush=True)\ntime.sleep(60)\n")
    words = ("-m", "lambda_ric", "bundle", "slow.handler")
    with started([sys.executable, *words], task, environment(**variables(task))) as run:
        run.until_logged("begun")
        os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does
        assert run.exit_code() == 130
        assert run.stderr == b"begun\n"  # where the command puts what the import prints
    assert not list(task.glob(f"{BUNDLE}*"))
