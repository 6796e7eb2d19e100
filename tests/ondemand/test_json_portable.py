"""JSON where Python has no C code for it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.processes import environment

pytestmark = pytest.mark.measured

RUN = """
import sys
sys.modules["_json"] = None  # an import of it fails, as on another Python
from lambda_ric.runtime.payloads import decode, encode
sys.stdout.buffer.write(encode(eval(sys.argv[1])).encode())
"""


def encoded(expression: str) -> bytes:
    """Return the JSON of an expression's value, written without C code."""
    command = [sys.executable, "-c", RUN, expression]
    done = subprocess.run(command, env=environment(), capture_output=True, timeout=30)
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize(
    "value",
    [
        {"ä": [1, -2.5, 1e300, True, None, "\n\u2028\x00"], "empty": {}},
        ["nested", [[], {"a": {"b": [0]}}]],
        "text",
        12345678901234567890,
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_are_read_and_written_as_with_c_code(value: object) -> None:
    event = json.dumps(value).encode()
    assert encoded(f"decode({event!r})") == json.dumps(value, ensure_ascii=False).encode()


def test_numbers_that_are_not_finite_have_their_names() -> None:
    numbers = "[float('nan'), float('inf'), float('-inf')]"
    assert encoded(numbers) == b"[NaN, Infinity, -Infinity]"
