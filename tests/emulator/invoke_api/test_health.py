"""GET /_ric/health."""

from __future__ import annotations

from lambda_ric.testing import Emulator
from tests.support import web
from tests.support.paths import EMULATED_HANDLERS


def test_health_counts_and_never_invokes() -> None:
    functions = {"one": "app.handler", "two": "app.handler"}
    with Emulator(functions=functions, cwd=EMULATED_HANDLERS) as emulator:
        emulator.invoke(function="one")
        answer = web.get(f"{emulator.url}/_ric/health")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        health = answer.json()
        assert health["status"] == "ok"
        assert set(health["functions"]) == {"one", "two"}
        assert health["functions"]["one"].keys() == {"idle", "busy", "starting", "waiting"}
        assert sum(health["functions"]["one"].values()) == 1
        assert emulator.log.count("START") == 1


def test_health_is_only_read() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        url = f"{emulator.url}/_ric/health"
        assert web.head(url).status_code == 200
        refused = web.post(url)
        assert refused.status_code == 405
        assert refused.headers["allow"] == "GET"
