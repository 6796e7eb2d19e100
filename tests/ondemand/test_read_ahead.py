"""The system reads the files of an import ahead: a bundle names them."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from lambda_ric.testing import Event, RuntimeApi
from tests.conftest import Require
from tests.support.command import COMMAND, run_command
from tests.support.processes import environment, started

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such advice"),
]

FUNCTION = """
from pathlib import Path

here = Path(__file__).parent
TEXT = here.joinpath("data.txt").read_text() if here.joinpath("data.txt").exists() else "none"
here.joinpath("written.txt").write_text("")
here.joinpath("gone.txt").write_text("")
here.joinpath("gone.txt").read_text()
here.joinpath("gone.txt").unlink()

def handler(event, context):
    return TEXT
"""


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """A function that reads and writes files while it is imported, and its bundle."""
    (tmp_path / "app.py").write_text(FUNCTION)
    (tmp_path / "data.txt").write_text("data")
    assert run_command("bundle", "app.handler", cwd=tmp_path).returncode == 0
    return tmp_path


def serve_traced(task: Path) -> tuple[object, list[str]]:
    """Return what the function answers, and its calls that concern files, in their order."""
    trace = task / "trace"
    tracer = ["strace", "-f", "-o", str(trace), "-e", "trace=openat,fadvise64"]
    command = [*tracer, *COMMAND, "app.handler"]
    with (
        RuntimeApi([Event()]) as api,
        started(command, task, environment(AWS_LAMBDA_RUNTIME_API=api.address)) as running,
    ):
        (post,) = api.wait_for_posts(1)
        assert running.log == ""
    return post.json(), trace.read_text().splitlines()


def opened(calls: list[str], name: str) -> list[int]:
    """Return where in the calls a file of this name is opened."""
    return [at for at, call in enumerate(calls) if f'/{name}"' in call and "ENOENT" not in call]


def test_what_an_import_reads_is_asked_for_before_it_begins(task: Path, require: Require) -> None:
    require(shutil.which("strace"), "strace is not installed")
    answer, calls = serve_traced(task)
    assert answer == "data"
    ahead, read = opened(calls, "data.txt")
    descriptor = re.search(r"= (\d+)$", calls[ahead])
    assert descriptor is not None
    assert f"fadvise64({descriptor[1]}, 0, 0, POSIX_FADV_WILLNEED) = 0" in calls[ahead + 1]
    assert ahead + 1 < read
    assert len(opened(calls, "written.txt")) == 1, "by the function alone"
    assert len(opened(calls, "gone.txt")) == 2, "by the function alone"


@pytest.mark.measured
def test_a_file_that_is_gone_is_no_problem_of_the_runtime(task: Path, require: Require) -> None:
    require(shutil.which("strace"), "strace is not installed")
    (task / "data.txt").unlink()
    answer, _ = serve_traced(task)
    assert answer == "none"
