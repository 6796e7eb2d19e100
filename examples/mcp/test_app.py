from __future__ import annotations

import json

import app
import pytest

from lambda_ric import asgi
from lambda_ric.testing import events

handler = asgi(app.app, stream=True)
HEADERS = {"accept": "application/json, text/event-stream"}
CLIENT = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


@pytest.fixture
def send(lambda_invoke):
    """Send a request as a client of the streamable HTTP transport does."""

    def send(method, parameters, number=1):
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
        result = lambda_invoke(
            handler, events.function_url("POST", "/mcp", message, headers=HEADERS)
        )
        assert result.prelude["statusCode"] == 200
        (data,) = [line for line in result.body.decode().splitlines() if line.startswith("data: {")]
        answer = json.loads(data.removeprefix("data: "))
        assert answer["id"] == number
        return answer["result"]

    return send


def test_a_client_finds_the_tool(send):
    assert send("initialize", CLIENT)["serverInfo"]["name"] == "calculator"
    assert [tool["name"] for tool in send("tools/list", {})["tools"]] == ["add"]


def test_many_requests_follow_each_other(send):
    for number in range(1, 30):
        parameters = {"name": "add", "arguments": {"a": number, "b": 1}}
        result = send("tools/call", parameters, number)
        assert result["content"] == [{"type": "text", "text": str(number + 1)}]
