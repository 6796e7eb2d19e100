"""A virtual environment for each peer: what an image with it and the functions would hold.

They are kept in `.cache/benchmarks`, or in `benchmarks` of LAMBDA_RIC_CACHE, but for our own, into
which the working tree is installed anew at the start of each run.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE_OF_ALL = Path(os.environ.get("LAMBDA_RIC_CACHE", ROOT / ".cache"))
CACHE = CACHE_OF_ALL / "benchmarks" / "python{}.{}.{}".format(*sys.version_info[:3])
FUNCTION_NEEDS = ("aws-lambda-powertools", "boto3", "fastapi", "mangum", "orjson")
"""What the functions in `benchmarks/functions` import."""


@dataclass(frozen=True)
class Footprint:
    """What installing a peer alone takes, and leaves on the disk."""

    packages: int
    files: int
    size: int
    """In bytes, compiled modules left out: whether there are any is the image's choice."""
    seconds: float
    """How long pip took, which had nothing to download or build; its own start is in it."""


def python_with(requirement: str | None) -> Path:
    """Return the Python of an environment that holds a requirement, made when it is missing."""
    directory = CACHE / _directory_name(requirement)
    python = directory / "bin" / "python"
    ready = directory / "ready"
    needs = " ".join(FUNCTION_NEEDS)
    if not ready.exists() or ready.read_text(encoding="utf-8") != needs:
        _run(sys.executable, "-m", "venv", "--without-pip", "--clear", str(directory))
        _pip(python, "install", *FUNCTION_NEEDS, *([requirement] if requirement else []))
        ready.write_text(needs, encoding="utf-8")
    elif _is_ours(requirement):
        _pip(python, "install", "--no-deps", "--force-reinstall", str(requirement))
    return python


def install_alone(requirement: str) -> Footprint:
    """Install a requirement and what it needs into a fresh directory, from wheels at hand."""
    wheels = [str(wheel) for wheel in _wheels_of(requirement).glob("*.whl")]
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / "site-packages"
        options = ("--no-deps", "--no-index", "--no-compile", "--target", str(target))
        started = time.perf_counter()
        _run(sys.executable, "-m", "pip", "--quiet", "install", *options, *wheels)
        seconds = time.perf_counter() - started
        # Beside site-packages in an environment, where pip puts what it makes of entry points.
        files = [path for path in target.rglob("*") if path.is_file()]
        files = [path for path in files if path.parent != target / "bin"]
        return Footprint(
            packages=len(wheels),
            files=len(files),
            size=sum(path.stat().st_size for path in files),
            seconds=seconds,
        )


@functools.cache
def _wheels_of(requirement: str) -> Path:
    """Return the directory with the wheels of a requirement, downloaded or built when missing."""
    directory = CACHE / f"wheels-{_directory_name(requirement)}"
    ready = directory / "ready"
    if not ready.exists() or _is_ours(requirement):
        shutil.rmtree(directory, ignore_errors=True)
        wheel = ("wheel", "--wheel-dir", str(directory), requirement)
        _run(sys.executable, "-m", "pip", "--quiet", *wheel)
        ready.touch()
    return directory


def installed_version(python: Path, distribution: str) -> str:
    """Return the version of a distribution in an environment."""
    program = f"import importlib.metadata as m; print(m.version({distribution!r}))"
    return _run(str(python), "-c", program).strip()


def _directory_name(requirement: str | None) -> str:
    if requirement is None:
        return "nothing"
    return "working-tree" if _is_ours(requirement) else requirement.replace("==", "-")


def _is_ours(requirement: str | None) -> bool:
    return requirement == str(ROOT)


def _pip(python: Path, *arguments: str) -> None:
    _run(sys.executable, "-m", "pip", "--python", str(python), "--quiet", *arguments)


def _run(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout
