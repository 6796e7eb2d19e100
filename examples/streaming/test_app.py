from __future__ import annotations

import app
import pytest


def test_each_event_is_a_piece(lambda_invoke):
    result = lambda_invoke(app.handler, {"count": 2})
    assert result.chunks == [
        b'id: 0\ndata: {"number": 0, "square": 0}\n\n',
        b'id: 1\ndata: {"number": 1, "square": 1}\n\n',
        b"event: done\ndata:\n\n",
    ]
    assert result.prelude["statusCode"] == 200
    assert result.prelude["headers"]["content-type"] == "text/event-stream"


def test_a_client_reads_while_the_function_writes(lambda_emulator):
    with lambda_emulator("app.handler").stream({"count": 3}) as chunks:
        assert b"".join(chunks).endswith(b'"square": 4}\n\nevent: done\ndata:\n\n')
    assert chunks.end.error_code is None


@pytest.mark.parametrize("count", ["many", None])
def test_a_wrong_number_is_an_error_of_the_function(lambda_invoke, count):
    assert lambda_invoke(app.handler, {"count": count}).error["errorType"] in {
        "TypeError",
        "ValueError",
    }
