"""Whom we measure: each peer is a command line that serves a function.

`python -c pass`, which serves nothing, is the floor: no runtime in Python can start faster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environments import ROOT, python_with

PROGRAMS = Path(__file__).resolve().parent
FUNCTIONS = ROOT / "benchmarks" / "functions"


@dataclass(frozen=True)
class Peer:
    """`command` makes a command line of a Python and a module whose `handler` is the function."""

    name: str
    requirement: str | None
    command: Callable[[str, str], list[str]]
    serves: bool = True
    distribution: str | None = None
    """What the version is asked of."""

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


OURS = Peer("lambda-ric", str(ROOT), _module("lambda_ric"), distribution="lambda-ric")
OURS_AS_SCRIPT = Peer(
    "lambda-ric, by its script",
    str(ROOT),
    lambda python, function: [str(Path(python).with_name("lambda-ric")), f"{function}.handler"],
)
OURS_WITH_ORJSON = Peer(
    "lambda-ric, use_json(orjson)",
    str(ROOT),
    lambda python, function: [python, "-m", "lambda_ric", f"{function}_orjson.handler"],
)
OURS_IN_PROCESSES = Peer("lambda-ric, a process for each", str(ROOT), _module("lambda_ric"))
AWSLAMBDARIC = Peer(
    "awslambdaric",
    "awslambdaric==4.2.2",
    _module("awslambdaric"),
    distribution="awslambdaric",
)
PURE_LAMBDA_RIC = Peer(
    "pure-lambda-ric",
    "pure-lambda-ric==1.0.1",
    _program("pure_lambda_ric_loop.py"),
    distribution="pure-lambda-ric",
)
HTTP_CLIENT = Peer("http.client loop", None, _program("http_client_loop.py"))
HTTPX = Peer("httpx loop", "httpx==0.28.1", _program("httpx_loop.py"), distribution="httpx")
NOTHING = Peer("python -c pass", None, lambda python, _: [python, "-c", "pass"], serves=False)

RUNTIMES = (OURS, AWSLAMBDARIC, PURE_LAMBDA_RIC, HTTP_CLIENT, HTTPX)
DROP_INS = (OURS, AWSLAMBDARIC, HTTP_CLIENT, HTTPX)
"""Those that serve the same functions as AWS's client does."""
