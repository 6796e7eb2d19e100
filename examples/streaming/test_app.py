from __future__ import annotations

import app
import pytest


def test_each_row_is_a_piece(lambda_invoke):
    result = lambda_invoke(app.handler, {"rows": 2})
    assert result.chunks == [b"number,square\n", b"0,0\n", b"1,1\n"]
    assert result.prelude == {"statusCode": 200, "headers": {"content-type": "text/csv"}}


def test_a_client_reads_while_the_function_writes(lambda_emulator):
    with lambda_emulator("app.handler").stream({"rows": 3}) as chunks:
        assert b"".join(chunks).endswith(b"\n2,4\n")
    assert chunks.end.error_code is None


@pytest.mark.parametrize("rows", ["many", None])
def test_a_wrong_number_is_an_error_of_the_function(lambda_invoke, rows):
    assert lambda_invoke(app.handler, {"rows": rows}).error["errorType"] in {
        "TypeError",
        "ValueError",
    }
