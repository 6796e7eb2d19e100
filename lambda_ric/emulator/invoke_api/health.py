"""`GET /_ric/health`: whether the emulator serves, and how busy it is. It invokes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.scheduling.scheduler import Scheduler
from lambda_ric.wire.runtime_api import JSON_TYPE


def answer_health(exchange: Exchange, functions: Mapping[str, Scheduler]) -> None:
    """Report how many environments each function has, and how many invokes wait."""
    counts = {name: scheduler.counts() for name, scheduler in functions.items()}
    body = json.dumps({"status": "ok", "functions": counts}).encode()
    exchange.respond(200, (("Content-Type", JSON_TYPE), ("Cache-Control", "no-store")), body)
