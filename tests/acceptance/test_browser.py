"""A real browser at the HTTP front door: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from lambda_ric.testing import Emulator
from tests.conftest import Require
from tests.support.paths import EXAMPLES

HANDLERS = Path(__file__).parent / "handlers"


@pytest.fixture(name="browser", scope="module")
def _browser(require: Require) -> Iterator[Any]:
    chromium = shutil.which("chromium")
    require(chromium, "chromium is not installed")
    require(find_spec("playwright"), "playwright is not installed")
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def ticker() -> Iterator[Emulator]:
    options = {"http": "function-url", "invoke_mode": "RESPONSE_STREAM"}
    with Emulator("ticker.handler", cwd=HANDLERS, timeout=60, **options) as emulator:  # type: ignore[arg-type]
        yield emulator


def wait_for(emulator: Emulator, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in emulator.log:
        assert time.monotonic() < deadline, emulator.log
        time.sleep(0.05)


def test_events_reach_the_page_one_by_one(browser: Any, ticker: Emulator) -> None:
    page = browser.new_page()
    page.goto(f"{ticker.http_url}?ticks=100")
    page.wait_for_function("document.title == 'done'")
    delays = page.evaluate("delays")
    page.close()
    assert len(delays) == 100
    assert median(delays) < 5, f"from yield to page: {median(delays):.2f} ms"


def test_closing_the_page_ends_the_generator(browser: Any, ticker: Emulator) -> None:
    page = browser.new_page()
    page.goto(f"{ticker.http_url}?ticks=100000")
    page.wait_for_function("delays.length > 3")
    page.close()
    wait_for(ticker, "generator closed")


def test_the_fastapi_example_counts_down_in_a_page(browser: Any) -> None:
    env = {"LAMBDA_RIC_STREAM": "1"}
    with Emulator(
        "app:app",
        cwd=EXAMPLES / "fastapi",
        env=env,
        http="function-url",
        invoke_mode="RESPONSE_STREAM",
    ) as emulator:
        page = browser.new_page()
        page.goto(f"{emulator.http_url}greetings/Ada")
        assert page.inner_text("body") == '{"greeting":"Hello, Ada!"}'
        numbers = page.evaluate(
            """() => new Promise((resolve) => {
                const numbers = []
                const source = new EventSource("/countdown?seconds=0.01")
                source.onmessage = (event) => numbers.push(event.data)
                source.onerror = () => { source.close(); resolve(numbers) }
            })"""
        )
        page.close()
    assert numbers == ["3", "2", "1"]


def test_a_failure_is_a_page_with_its_stack_trace(browser: Any) -> None:
    with Emulator(
        "app.handler", cwd=EXAMPLES / "hello", http="rest-api", routes=["GET /a"]
    ) as emulator:
        page = browser.new_page()
        answer = page.goto(f"{emulator.http_url}a")
        assert answer.status == 502
        assert "statusCode" in page.inner_text("h1")
        page.close()
