"""AWS_LAMBDA_EXEC_WRAPPER: what a wrapper finds, what it may change, and how it may fail."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lambda_ric.testing import Event, RuntimeApi
from lambda_ric.wire.log_frames import FrameReader
from tests.support.paths import HANDLERS
from tests.support.processes import environment, started
from tests.support.runtime import RunningRuntime, run_runtime, serving

MODULE = ("-m", "lambda_ric")
SCRIPT = (str(Path(sys.executable).with_name("lambda-ric")),)

CHOOSES = 'export ORIG_HANDLER=$_HANDLER _HANDLER=wrapped_by_script.handler\nexec "$@"'
"""What the wrappers of OpenTelemetry, Datadog and others do."""

ADDS_OPTIONS = """
args=("$@")
extra_args=("-X" "importtime")
args=("${args[@]:0:$#-1}" "${extra_args[@]}" "${args[@]: -1}")
exec "${args[@]}"
"""
"""The wrapper that the AWS Lambda developer guide shows."""


def wrapper_of(folder: Path, text: str, shell: str = "/bin/sh") -> str:
    path = folder / "wrapper"
    path.write_text(f"#!{shell}\n{text}\n")
    path.chmod(0o755)
    return str(path)


@contextmanager
def wrapped(
    wrapper: str, *words: str, python: tuple[str, ...] = (), **environ: str
) -> Iterator[RunningRuntime]:
    """Start the runtime by these words, with one event to serve."""
    with RuntimeApi([Event(1)]) as api:
        variables = {"AWS_LAMBDA_RUNTIME_API": api.address, "AWS_LAMBDA_EXEC_WRAPPER": wrapper}
        env = environment(**variables, **environ)
        command = [sys.executable, *python, *words]
        with started(command, HANDLERS, env, merged=True) as running:
            yield RunningRuntime(api, running)


@pytest.mark.parametrize("program", [MODULE, SCRIPT], ids=["python -m", "script"])
@pytest.mark.parametrize(
    ("command", "variable"),
    [("app.handler", ""), ("", "app.handler"), ("app.handler", "app.handler")],
    ids=["CMD", "environment", "both"],
)
def test_a_handler_that_the_wrapper_chooses_is_served(
    tmp_path: Path, program: tuple[str, ...], command: str, variable: str
) -> None:
    words = (*program, command) if command else program
    with wrapped(wrapper_of(tmp_path, CHOOSES), *words, _HANDLER=variable) as runtime:
        assert runtime.result() == {"of a wrapper": "app.handler", "path": str(HANDLERS)}


@pytest.mark.measured
@pytest.mark.parametrize("program", [MODULE, SCRIPT], ids=["python -m", "script"])
def test_the_handler_stays_if_the_wrapper_does_not_choose_one(
    tmp_path: Path, program: tuple[str, ...]
) -> None:
    wrapper = wrapper_of(tmp_path, 'echo "wrapped $_HANDLER $#"\nexec "$@"')
    with wrapped(wrapper, *program, "app.handler") as runtime:
        assert runtime.result() == 1
        assert runtime.log == "wrapped app.handler 2\n", "once, and Python and a file"


@pytest.mark.measured
def test_a_wrapper_may_start_the_runtime_by_itself(tmp_path: Path) -> None:
    text = "export ORIG_HANDLER=$_HANDLER _HANDLER=wrapped_by_script.handler\n"
    wrapper = wrapper_of(tmp_path, f"{text}exec {sys.executable} -m lambda_ric app.handler")
    with wrapped(wrapper, *MODULE, "app.handler") as runtime:
        assert runtime.result()["of a wrapper"] == "app.handler"


def test_a_wrapper_may_add_options_of_python(tmp_path: Path) -> None:
    wrapper = wrapper_of(tmp_path, ADDS_OPTIONS, "/bin/bash")
    with wrapped(wrapper, *MODULE, "app.handler") as runtime:
        assert runtime.result() == 1
        assert "import time: self [us]" in runtime.log


@pytest.mark.parametrize("program", [MODULE, SCRIPT], ids=["python -m", "script"])
def test_the_options_of_python_stay(tmp_path: Path, program: tuple[str, ...]) -> None:
    wrapper = wrapper_of(tmp_path, 'exec "$@"')
    options = ("-X", "importtime", "-O")
    with wrapped(wrapper, *program, "app.handler", python=options) as runtime:
        assert runtime.result() == 1
        assert "import time: self [us]" in runtime.log


def test_words_that_a_wrapper_adds_at_the_end_mean_nothing(tmp_path: Path) -> None:
    wrapper = wrapper_of(tmp_path, 'exec "$@" no.such_handler')
    with wrapped(wrapper, *MODULE, "app.handler") as runtime:
        assert runtime.result() == 1


def test_the_variables_of_a_wrapper_reach_the_function(tmp_path: Path) -> None:
    wrapper = wrapper_of(tmp_path, 'export ADDED="a b=c"\nexec "$@"')
    with wrapped(wrapper, *MODULE, "wrapped_by_script.variables") as runtime:
        variables = runtime.result()
    assert variables["ADDED"] == "a b=c"
    assert variables["_HANDLER"] == "wrapped_by_script.variables"
    assert not [name for name in variables if name.startswith("_LAMBDA_RIC")]


@pytest.mark.measured
def test_the_log_pipe_survives_a_wrapper(tmp_path: Path) -> None:
    wrapper = wrapper_of(tmp_path, 'exec "$@"')
    reading, writing = os.pipe()
    environ = {"_LAMBDA_TELEMETRY_LOG_FD": str(writing), "AWS_LAMBDA_EXEC_WRAPPER": wrapper}
    script = [Event("levels")]
    with serving("records.handler", script, environ=environ, pass_fds=[writing]) as runtime:
        runtime.posts(1)
        frames = list(FrameReader().feed(os.read(reading, 65_536)))
    os.close(reading)
    os.close(writing)
    assert frames


def test_an_exec_wrapper_may_end_by_itself(tmp_path: Path) -> None:
    wrapper = wrapper_of(tmp_path, "exit 9")
    with RuntimeApi() as api:
        assert run_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=wrapper)[0] == 9
        assert api.requests == []


@pytest.mark.measured
def test_an_exec_wrapper_that_is_missing_is_exit_code_127(tmp_path: Path) -> None:
    wrapper = str(tmp_path / "missing")
    with RuntimeApi() as api:
        code, _, stderr = run_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=wrapper)
    assert (code, stderr.decode()) == (127, f"{wrapper}: does not exist\n")


@pytest.mark.measured
def test_an_exec_wrapper_that_is_not_executable_is_exit_code_126(tmp_path: Path) -> None:
    wrapper = tmp_path / "wrapper"
    wrapper.write_text("#!/bin/sh\n")
    with RuntimeApi() as api:
        code, _, stderr = run_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=str(wrapper))
    assert (code, stderr.decode()) == (126, f"{wrapper}: is not an executable\n")


@pytest.mark.measured
def test_an_exec_wrapper_without_a_first_line_is_exit_code_126(tmp_path: Path) -> None:
    wrapper = tmp_path / "wrapper"
    wrapper.write_bytes(b"\x00 no program")
    wrapper.chmod(0o755)
    with RuntimeApi() as api:
        code, _, stderr = run_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=str(wrapper))
    assert code == 126
    assert stderr.decode() == f"{wrapper}: cannot be executed: Exec format error\n"
