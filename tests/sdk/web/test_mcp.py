"""The MCP SDK's streamable HTTP server: its session manager lives in the lifespan."""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import pytest

from lambda_ric import asgi
from lambda_ric.testing import HandlerResult, events, invoke
from tests.conftest import Require

pytestmark = pytest.mark.dev

ACCEPT = {"accept": "application/json, text/event-stream"}
CLIENT = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def handler(request: pytest.FixtureRequest, require: Require) -> Any:
    require(importlib.util.find_spec("mcp"), "mcp is not installed")
    from mcp.server.mcpserver import MCPServer  # noqa: PLC0415
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415

    server = MCPServer("counter")
    counts: dict[str, int] = {}

    @server.tool()
    def count(name: str) -> int:
        """Count the calls of a client."""
        counts[name] = counts.get(name, 0) + 1
        return counts[name]

    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return asgi(server.streamable_http_app(transport_security=security), stream=request.param)


class Session:
    """A client that speaks the protocol over one handler, invocation by invocation."""

    def __init__(self, handler: Any) -> None:
        self._handler = handler
        self._headers = dict(ACCEPT)
        self._last = 0
        result = self._post(self._request("initialize", CLIENT))
        self._headers["mcp-session-id"] = self.id = _headers(result)["mcp-session-id"]
        assert self._post({"jsonrpc": "2.0", "method": "notifications/initialized"}).error is None

    def call(self, tool: str, **arguments: str) -> str:
        """Call a tool and return the text of its result."""
        parameters = {"name": tool, "arguments": arguments}
        body = _body(self._post(self._request("tools/call", parameters)))
        (data,) = [line for line in body.splitlines() if line.startswith("data: {")]
        answer = json.loads(data.removeprefix("data: "))
        assert answer["id"] == self._last
        text: str = answer["result"]["content"][0]["text"]
        return text

    def _request(self, method: str, parameters: object) -> dict[str, Any]:
        self._last += 1
        return {"jsonrpc": "2.0", "id": self._last, "method": method, "params": parameters}

    def _post(self, message: dict[str, Any]) -> HandlerResult:
        event = events.function_url("POST", "/mcp", message, headers=self._headers)
        result = invoke(self._handler, event)
        assert result.error is None
        assert "[WARNING]" not in result.logs
        return result


def _headers(result: HandlerResult) -> dict[str, str]:
    headers: dict[str, str] = (result.prelude or result.payload)["headers"]
    return headers


def _body(result: HandlerResult) -> str:
    if result.prelude is not None:
        return result.body.decode()
    body: str = result.payload["body"]
    return body


def test_two_sessions_take_turns_for_many_requests(handler: Any) -> None:
    ada, bob = Session(handler), Session(handler)
    assert ada.id != bob.id
    for number in range(1, 21):
        assert ada.call("count", name="ada") == str(number)
        assert bob.call("count", name="bob") == str(number)
