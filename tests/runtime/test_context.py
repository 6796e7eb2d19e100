"""The context of an invocation, outside of a running runtime."""

from __future__ import annotations

import pytest

from lambda_ric.runtime.context import LambdaContext
from lambda_ric.wire.runtime_api import Invocation


def test_a_context_without_a_log_prints(capsys: pytest.CaptureFixture[str]) -> None:
    LambdaContext(Invocation("id", b"")).log(["a", "message"])
    assert capsys.readouterr().out == "['a', 'message']"
