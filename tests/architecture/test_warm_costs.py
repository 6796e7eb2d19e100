"""What a warm invoke costs, counted and not timed: the same on any machine, busy or not."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from benchmarks.child import ENVIRONMENT
from benchmarks.emulator_calls import calls_of_a_warm_invoke
from benchmarks.events import EVENT
from benchmarks.tracing import instructions_per_invoke, system_calls_per_invoke
from tests.conftest import Require
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

SERVE = (sys.executable, "-m", "lambda_ric", "bare.handler")
WITH_SOURCE = ENVIRONMENT | {"PYTHONPATH": str(ROOT)}

SYSTEM_CALLS = 4
"""Send, receive, send, receive."""

INSTRUCTIONS = range(90_000, 200_000 if sys.version_info < (3, 11) else 160_000)
"""Of the whole process outside the kernel. Less than that is a reason to lower the band."""

EMULATOR_CALLS = range(100, 151)
"""Python calls in the emulator. Less than that is a reason to lower the band."""

EMULATOR_MODULES = range(10, 36)
"""The modules that these calls are spread over."""


@pytest.mark.skipif(sys.platform != "linux", reason="strace is a program for Linux")
def test_a_warm_invoke_makes_four_system_calls(require: Require) -> None:
    require(shutil.which("strace"), "strace is not installed")
    calls = system_calls_per_invoke(SERVE, EVENT, WITH_SOURCE)
    # Now and then memory is asked for, which is a small part of a call each time.
    assert calls == pytest.approx(SYSTEM_CALLS, abs=0.5)


@pytest.mark.skipif(sys.platform != "linux", reason="strace is a program for Linux")
def test_calls_of_the_function_map_no_memory_for_their_frames(require: Require) -> None:
    require(shutil.which("strace"), "strace is not installed")
    serve = (*SERVE[:-1], "deep.handler")
    handlers = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "architecture" / "handlers")])
    calls = system_calls_per_invoke(serve, EVENT, ENVIRONMENT | {"PYTHONPATH": handlers})
    assert calls == pytest.approx(SYSTEM_CALLS, abs=0.5)


@pytest.mark.skipif(not os.environ.get("CI"), reason="takes long: it runs in CI, or with CI=1")
@pytest.mark.skipif(sys.platform != "linux", reason="valgrind counts on Linux")
def test_a_warm_invoke_stays_within_its_instructions(require: Require) -> None:
    require(shutil.which("valgrind"), "valgrind is not installed")
    assert int(instructions_per_invoke(SERVE, EVENT, WITH_SOURCE)) in INSTRUCTIONS


@pytest.mark.skipif(sys.platform != "linux", reason="other systems watch processes otherwise")
def test_a_warm_invoke_stays_within_its_calls_in_the_emulator() -> None:
    counted = calls_of_a_warm_invoke()
    assert counted.calls in EMULATOR_CALLS
    assert counted.modules in EMULATOR_MODULES
