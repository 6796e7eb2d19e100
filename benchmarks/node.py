"""AWS's runtime client for Node, whose native part npm builds from source when it is installed."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess

from benchmarks.environments import CACHE_OF_ALL

PACKAGE = "aws-lambda-ric"
REQUIREMENT = f"{PACKAGE}@4.0.2"
BUILDERS = ("node", "npm", "g++", "make", "cmake", "autoconf", "automake", "libtoolize")

_PREFIX = CACHE_OF_ALL / "node"
_INSTALLED = _PREFIX / "node_modules" / PACKAGE


@functools.cache
def is_there() -> bool:
    """Tell whether the client can be run, built at the first call; print why if it cannot."""
    missing = _what_is_missing()
    if missing:
        print(f"left out: {PACKAGE} for Node: {missing}", flush=True)
    return not missing


def command(function: str) -> list[str]:
    """Return the command line that serves the function of a module."""
    return [str(shutil.which("node")), str(_INSTALLED / "index.mjs"), f"{function}.handler"]


def version() -> str:
    """Return the version of the client and of Node."""
    package = json.loads((_INSTALLED / "package.json").read_text())
    node = subprocess.run(("node", "--version"), stdout=subprocess.PIPE, text=True, check=True)
    return f"{package['version']}, Node {node.stdout.strip().lstrip('v')}"


def _what_is_missing() -> str:
    if (_INSTALLED / "rapid-client.node").exists():
        return "" if shutil.which("node") else "node is not installed"
    absent = [program for program in BUILDERS if not shutil.which(program)]
    if absent:
        return f"to build it, install {', '.join(absent)}"
    install = ("npm", "install", "--no-fund", "--no-audit", "--prefix", str(_PREFIX), REQUIREMENT)
    if subprocess.run(install, capture_output=True, check=False).returncode:
        return f"`{' '.join(install)}` fails"
    return ""
