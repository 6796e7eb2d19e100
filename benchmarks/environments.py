"""A virtual environment for each peer: what an image with it and the functions would hold.

They are kept in `.cache/benchmarks`, but for our own, into which the working tree is installed anew
at the start of each run.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "benchmarks" / "python{}.{}.{}".format(*sys.version_info[:3])
FUNCTION_NEEDS = ("boto3", "orjson")
"""What the functions in `benchmarks/functions` import."""


@dataclass(frozen=True)
class Footprint:
    """What installing a peer alone leaves on the disk."""

    packages: int
    files: int
    size: int
    """In bytes, compiled modules left out: whether there are any is the image's choice."""


def python_with(requirement: str | None) -> Path:
    """Return the Python of an environment that holds a requirement, made when it is missing."""
    directory = CACHE / _directory_name(requirement)
    python = directory / "bin" / "python"
    ready = directory / "ready"
    if not ready.exists():
        _run(sys.executable, "-m", "venv", "--without-pip", "--clear", str(directory))
        _pip(python, "install", *FUNCTION_NEEDS, *([requirement] if requirement else []))
        ready.touch()
    elif _is_ours(requirement):
        _pip(python, "install", "--no-deps", "--force-reinstall", str(requirement))
    return python


def footprint(requirement: str) -> Footprint:
    """Install a requirement alone, and count."""
    target = CACHE / f"alone-{_directory_name(requirement)}"
    if not target.exists() or _is_ours(requirement):
        _run(sys.executable, "-m", "venv", "--without-pip", "--clear", str(target))
        _pip(target / "bin" / "python", "install", "--no-compile", requirement)
    library = next((target / "lib").glob("python3*")) / "site-packages"
    files = [path for path in library.rglob("*") if path.is_file()]
    return Footprint(
        packages=len(list(library.glob("*.dist-info"))),
        files=len(files),
        size=sum(path.stat().st_size for path in files),
    )


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
