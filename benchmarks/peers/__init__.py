"""Whom we measure: each peer is a command line that serves a function.

Two are floors and no runtimes. `python -c pass` serves nothing: no runtime in Python can start
faster. The loop of four system calls answers without looking: none can serve with less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import node
from benchmarks.environments import ROOT, installed_version, python_with

PROGRAMS = Path(__file__).resolve().parent
FUNCTIONS = ROOT / "benchmarks" / "functions"


@dataclass(frozen=True)
class Peer:
    """`command` makes a command line of a Python and a module whose `handler` is the function."""

    name: str
    requirement: str | None
    command: Callable[[str, str], list[str]]
    serves: bool = True
    bundled: bool = False
    """Whether it reads what the function imports from a bundle."""
    version: Callable[[Path], str] | None = None
    """Tells the version of what is measured, of the Python of the peer."""

    def argv(self, function: str) -> list[str]:
        """Return the command line that serves a function."""
        return self.command(str(python_of(self)), function)


_pythons: dict[str | None, Path] = {}


def python_of(peer: Peer) -> Path:
    """Return the Python of a peer's environment, made at the first call in this process."""
    if peer.requirement not in _pythons:
        _pythons[peer.requirement] = python_with(peer.requirement)
    return _pythons[peer.requirement]


def _module(name: str) -> Callable[[str, str], list[str]]:
    return lambda python, function: [python, "-m", name, f"{function}.handler"]


def _program(name: str) -> Callable[[str, str], list[str]]:
    return lambda python, function: [python, str(PROGRAMS / name), function]


def _version_of(distribution: str) -> Callable[[Path], str]:
    return lambda python: installed_version(python, distribution)


OURS = Peer("lambda-ric", str(ROOT), _module("lambda_ric"), version=_version_of("lambda-ric"))
OURS_AS_SCRIPT = Peer(
    "lambda-ric, by its script",
    str(ROOT),
    lambda python, function: [str(Path(python).with_name("lambda-ric")), f"{function}.handler"],
)
OURS_BUNDLED = Peer("lambda-ric, with a bundle", str(ROOT), _module("lambda_ric"), bundled=True)
OURS_WITH_ORJSON = Peer(
    "lambda-ric, use_json(orjson)",
    str(ROOT),
    lambda python, function: [python, "-m", "lambda_ric", f"{function}_orjson.handler"],
)
AWSLAMBDARIC = Peer(
    "awslambdaric",
    "awslambdaric==4.2.2",
    _module("awslambdaric"),
    version=_version_of("awslambdaric"),
)
PURE_LAMBDA_RIC = Peer(
    "pure-lambda-ric",
    "pure-lambda-ric==1.0.1",
    _program("pure_lambda_ric_loop.py"),
    version=_version_of("pure-lambda-ric"),
)
HTTP_CLIENT = Peer("http.client loop", None, _program("http_client_loop.py"))
HTTPX = Peer("httpx loop", "httpx==0.28.1", _program("httpx_loop.py"), version=_version_of("httpx"))
NODE = Peer(
    "aws-lambda-ric for Node",
    None,
    lambda _, function: node.command(function),
    version=lambda _: node.version(),
)
LEAST = Peer("the least: four system calls", None, _program("four_system_calls.py"))
MOVING = Peer("moving the bytes alone", None, _program("moving_bytes.py"))
NOTHING = Peer("python -c pass", None, lambda python, _: [python, "-c", "pass"], serves=False)
FLOORS = (LEAST, NOTHING)

RUNTIMES = (OURS, AWSLAMBDARIC, PURE_LAMBDA_RIC, HTTP_CLIENT, HTTPX)
DROP_INS = (OURS, AWSLAMBDARIC, HTTP_CLIENT, HTTPX)
"""Those that serve the same functions as AWS's client does."""


def of_other_languages() -> tuple[Peer, ...]:
    """Return the Node client, or nothing where it cannot be built."""
    return (NODE,) if node.is_there() else ()
