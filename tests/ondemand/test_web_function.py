"""An application that is an HTTP server of its own, as Lambda Web Functions are."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from lambda_ric.testing import RuntimeApi
from tests.conftest import Require
from tests.support.paths import HANDLERS
from tests.support.processes import RunningProcess, environment, free_port, listens, started
from tests.support.runtime import run_runtime

pytestmark = [pytest.mark.dev, pytest.mark.measured, pytest.mark.slow]


@pytest.fixture(autouse=True)
def servers(require: Require) -> None:
    for name in ("uvicorn", "waitress"):
        require(importlib.util.find_spec(name), f"{name} is not installed")


@contextmanager
def process(port: int | str, handler: str, **environ: str) -> Iterator[RunningProcess]:
    """Start a web function that no Runtime API knows of, as somebody does who tries it out."""
    endpoint = port if isinstance(port, str) else f"127.0.0.1:{port}"
    variables = environment(AWS_LAMBDA_HTTP_ENDPOINT=endpoint, **environ)
    command = (sys.executable, "-m", "lambda_ric", f"web_function{handler}")
    with started(command, HANDLERS, variables) as running:
        yield running


@contextmanager
def serving(handler: str, **environ: str) -> Iterator[tuple[httpx.Client, RunningProcess]]:
    """Start a web function, and wait until it takes connections."""
    port = free_port()
    with process(port, handler, **environ) as running:
        running.until(lambda: listens(port) or running.process.poll() is not None)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=False) as client:
            yield client, running


def get(client: httpx.Client, path: str, times: int) -> list[httpx.Response]:
    """Send requests at the same time, each over its own connection."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(client.get, [path] * times))


def test_an_asgi_application_lives_once_and_serves_many_requests_at_once() -> None:
    with serving(":app") as (client, running):
        texts = [response.text for response in get(client, "/pause", 8)]
        most = max(int(text.split()[1]) for text in texts)
        assert sorted(int(text.split()[0]) for text in texts) == list(range(1, 9))
        assert most > 1
        assert running.terminate() == 0
        assert running.stdout.split() == [b"started", b"stopped", b"goodbye"]
        assert "web_function:app at http://127.0.0.1:" in running.log


def test_the_number_of_requests_at_once_can_be_set() -> None:
    with serving(":app", AWS_LAMBDA_MAX_CONCURRENCY="1") as (client, _):
        assert {text.split()[1] for text in (r.text for r in get(client, "/pause", 5))} == {"1"}


def test_it_listens_once_the_application_has_started(tmp_path: Path) -> None:
    port, ready = free_port(), tmp_path / "ready"
    with process(port, ":app", READY_FILE=str(ready)) as running:
        running.until_logged("serves web_function:app")
        assert not listens(port)
        ready.touch()
        running.until(lambda: listens(port))


def test_pieces_and_the_client_that_lambda_names_arrive() -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    with serving(".mounted") as (client, _):
        with client.stream("GET", "/pieces", headers=forwarded) as response:
            assert response.headers["transfer-encoding"] == "chunked"
            assert "".join(response.iter_text()).startswith("ab1 ")
        assert client.get("/shop/x", headers=forwarded).text.split()[2:] == ["/shop", "https"]


def test_a_wsgi_application_is_served_by_threads() -> None:
    with serving(":wsgi_app") as (client, running):
        assert {response.text[:7] for response in get(client, "/meet", 3)} == {"first 3"}
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        assert client.get("/", headers=forwarded).text.endswith(" https 203.0.113.7")
        assert running.terminate() == 0
        assert b"goodbye" in running.stdout


def test_an_application_that_cannot_start_ends_the_process() -> None:
    with process(free_port(), ":app", FAILS="1") as running:
        assert running.exit_code() == 1
        assert "no database" in running.log


def test_lambda_learns_of_an_application_that_is_missing() -> None:
    with RuntimeApi([]) as api:
        endpoint = f"127.0.0.1:{free_port()}"
        ended = run_runtime(api, "web_function:nope", AWS_LAMBDA_HTTP_ENDPOINT=endpoint)
        assert ended.code == 1
        (post,) = api.posts
        assert "'nope' missing" in post.json()["errorMessage"]


@pytest.mark.parametrize(
    ("endpoint", "handler", "message"),
    [
        ("3000", ":app", "AWS_LAMBDA_HTTP_ENDPOINT is not host:port but '3000'"),
        ("127.0.0.1:70000", ":app", "is not host:port"),
        ("http://127.0.0.1:3000", ":app", "is not host:port"),
        ("..:3000", ":app", "cannot listen at AWS_LAMBDA_HTTP_ENDPOINT=..:3000"),
        ("192.0.2.1:3000", ":app", "cannot listen at AWS_LAMBDA_HTTP_ENDPOINT=192.0.2.1:3000"),
        ("127.0.0.1:0", ".handler", "is not a web application; name one as in main:app"),
    ],
)
def test_what_cannot_be_served_is_one_line(endpoint: str, handler: str, message: str) -> None:
    with process(endpoint, handler) as running:
        assert running.exit_code() == 1
        (line,) = running.stderr.decode().splitlines()
        assert line.startswith("lambda-ric: ")
        assert message in line


def test_more_requests_at_once_than_lambda_sends_are_refused() -> None:
    with process("127.0.0.1:0", ":app", AWS_LAMBDA_MAX_CONCURRENCY="129") as running:
        assert running.exit_code() == 1
        assert "up to 128 requests at once" in running.log


@pytest.mark.parametrize(("handler", "server"), [(":app", "uvicorn"), (":wsgi_app", "waitress")])
def test_a_server_that_is_missing_is_named(tmp_path: Path, handler: str, server: str) -> None:
    (tmp_path / f"{server}.py").write_text("raise ImportError('not here')")
    variables = environment()
    paths = f"{tmp_path}{os.pathsep}{variables['PYTHONPATH']}"
    with process("127.0.0.1:0", handler, PYTHONPATH=paths) as running:
        assert running.exit_code() == 1
        assert f"pip install {server}" in running.stderr.decode()
