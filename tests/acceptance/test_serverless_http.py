"""The events of the HTTP front doors, judged by npm's serverless-http."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lambda_ric.testing import Emulator
from tests.acceptance.others import prepared
from tests.conftest import Require
from tests.support import web
from tests.support.paths import EMULATED_HANDLERS

SCRIPT = Path(__file__).parent / "handlers" / "serverless_http.mjs"


@pytest.mark.parametrize("kind", ["function-url", "http-api", "http-api-1.0", "rest-api", "alb"])
def test_serverless_http_understands_each_event(require: Require, kind: str) -> None:
    node = shutil.which("node")
    packages = prepared() / "node" / "node_modules"
    require(node, "node is not installed")
    require((packages / "serverless-http").exists(), "serverless-http is not installed")
    with Emulator("front.reflect", cwd=EMULATED_HANDLERS, http=kind) as emulator:
        headers = {"Content-Type": "text/plain"}
        event = web.post(f"{emulator.http_url}a/b?x=1", content=b"hi", headers=headers).content
    done = subprocess.run(
        [node or "node", SCRIPT, packages], input=event, capture_output=True, timeout=30, check=True
    )
    seen = json.loads(done.stdout)
    assert seen == {"method": "POST", "url": "/a/b?x=1", "body": "hi"}
