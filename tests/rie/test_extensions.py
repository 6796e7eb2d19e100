"""One extension under AWS's emulator and under ours: it sees the same, as far as AWS's goes."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Require
from tests.images.standins import emulator_of_aws
from tests.rie.emulator_of_aws import ENVIRONMENT, HANDLERS, lmi
from tests.support.extensions import SCRIPT
from tests.support.rie import RunningRie, running_rie
from tests.support.service import scenario
from tests.support.telemetry import FIELDS, TELEMETRY, http_listener, subscribing, subscription

_WITH_EXTENSIONS = """
mount -t tmpfs none /opt
mkdir /opt/extensions
printf '#!/bin/sh\\nexec "%s" "%s" ears\\n' "$1" "$2" > /opt/extensions/ears
chmod 755 /opt/extensions/ears
shift 2
exec "$@"
"""
"""The mount is one of a mount namespace, and vanishes with the emulator."""

RUNTIME = [sys.executable, "-m", "lambda_ric", "app.handler"]


@pytest.fixture(autouse=True)
def opt_is_free(aws_emulator: None, require: Require) -> None:
    require(not sys.base_prefix.startswith("/opt/"), "Python must not be in /opt for these tests")


@contextmanager
def emulator(program: Path, **variables: str) -> Iterator[RunningRie]:
    namespace = ["unshare", "--mount", "--propagation", "private"]
    before = [*namespace, "sh", "-euc", _WITH_EXTENSIONS, "sh", sys.executable, str(SCRIPT)]
    with running_rie(program, RUNTIME, HANDLERS, ENVIRONMENT | variables, before) as running:
        yield running


def our_emulator(folder: Path) -> Path:
    """A program that takes the flags of AWS's emulator."""
    program = folder / "lambda-rie"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lambda_ric emulate "$@"\n')
    program.chmod(0o755)
    return program


def what_it_saw(program: Path) -> dict[str, Any]:
    """Invoke twice, let one fail, end the emulator; return what the extension printed."""
    with emulator(program) as running:
        ids = [running.invoke({}).json()["id"] for _ in range(2)]
        assert running.invoke({"kind": "raise"}).json()["errorMessage"] == "mine"
        running.until_logged("ears got")
        running.until(lambda: running.log.count("ears got") == 3)
        running.terminate()
        log = running.log
    status, registered = re.findall(r"^ears registered (\d+) (.*)$", log, re.M)[0]
    events = [json.loads(text) for text in re.findall(r"^ears got (.*)$", log, re.M)]
    kinds = [event["eventType"] for event in events]
    return {
        "registered": (status, set(json.loads(registered)) - {"accountId"}),
        "kinds": kinds,
        "fields": [set(event) - {"tracing"} for event in events],
        "ids": [event["requestId"] for event in events[:2]] == ids,
        "arns": {re.sub(r":\d+:", ":", event["invokedFunctionArn"]) for event in events[:3]},
        "ends": "ears ends" in log,
        "lines_of_the_function": "shutdown hook ran" in log,
    }


def test_an_extension_sees_the_same_under_both_emulators(tmp_path: Path) -> None:
    ours, theirs = what_it_saw(our_emulator(tmp_path)), what_it_saw(emulator_of_aws())
    assert ours == theirs
    assert ours["kinds"] == ["INVOKE"] * 3 + ["SHUTDOWN"]
    assert ours["ids"]


@scenario
async def test_the_documented_fields_are_those_that_awss_emulator_sends() -> None:
    """Its mode for Managed Instances delivers telemetry. Our table of fields has to agree."""
    with http_listener() as listener:
        env = subscribing((TELEMETRY, subscription(listener.port)))
        with lmi("app.handler", 1, "thread", extension=SCRIPT, env=env) as running:
            assert running.invoke_when_idle({}).status_code == 200
            await listener.wait_for("platform.report")
            events = listener.events
    kinds = {event["type"] for event in events}
    assert kinds & set(FIELDS) >= {
        *("platform.initStart", "platform.initReport", "platform.start", "platform.report"),
        *("platform.telemetrySubscription", "platform.extension", "platform.initRuntimeDone"),
    }
    for event in events:
        if event["type"] in FIELDS:
            required, allowed = FIELDS[event["type"]]
            more = {"runtimeVersion", "runtimeVersionArn", "functionArn"}
            assert required <= set(event["record"]) <= required | allowed | more, event
