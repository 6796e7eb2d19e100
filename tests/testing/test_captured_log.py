"""What `logs` has of loggers that were there before, as a test of a project would find them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

POWERTOOLS = """
from aws_lambda_powertools import Logger

logger = Logger(service="orders")

def handler(event, context):
    logger.info("order")
    return 1
"""
STREAM_HANDLER = """
import logging
import sys

logger = logging.getLogger("orders")
logger.propagate = False
logger.addHandler(logging.StreamHandler(sys.stdout))

def handler(event, context):
    logger.warning("order")
    return 1
"""
TEST = """
import json

import app

def test_logs(lambda_invoke):
    with open("logs.json", "w") as file:
        json.dump([lambda_invoke(app.handler, {}).logs for _ in range(2)], file)
"""


def logs(tmp_path: Path, app: str, *options: str) -> str:
    """Return what `logs` is of the second invoke of a handler: the first must leave no trace."""
    (tmp_path / "app.py").write_text(app)
    (tmp_path / "test_app.py").write_text(TEST)
    plugin = ("-p", "lambda_ric.testing.pytest_plugin")
    subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, "-q", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=True,
        timeout=120,
    )
    first, second = json.loads((tmp_path / "logs.json").read_text())
    assert first.count("\n") == second.count("\n") == 1
    return str(second)


@pytest.mark.parametrize("capture", ["--capture=fd", "--capture=sys", "--capture=no"])
def test_powertools_logs_json_alone(capture: str, tmp_path: Path) -> None:
    line = logs(tmp_path, POWERTOOLS, capture)
    assert '"message":"order"' in line
    assert "[INFO]" not in line


def test_a_handler_made_at_import_is_seen(tmp_path: Path) -> None:
    assert logs(tmp_path, STREAM_HANDLER) == "order\n"


@pytest.mark.parametrize("stream", ["io.StringIO()", "open('log.txt', 'w')"])
def test_a_handler_that_writes_elsewhere_is_left_alone(stream: str, tmp_path: Path) -> None:
    app = STREAM_HANDLER.replace("sys.stdout", stream).replace("import sys", "import io")
    assert (
        logs(tmp_path, app.replace("    return 1", "    print('seen')\n    return 1")) == "seen\n"
    )
