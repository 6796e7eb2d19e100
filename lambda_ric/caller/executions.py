"""Asks an endpoint about durable executions, over HTTP. Needs `httpx`, and signs no requests.

Source: the operations with "Durable" in their names in the service model of the AWS SDKs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from lambda_ric.caller.client import EndpointClient
from lambda_ric.caller.invoke_api import InvokeRefused, refusal

_VERSION = "/2025-12-01"
_PAGE = 1_000

Members = dict[str, Any]
"""The members of an answer, named as the API names them."""


class ExecutionsClient(EndpointClient):
    """The executions at one endpoint; close it, or use it as a context manager.

    Methods raise InvokeRefused when the request is refused, and httpx.HTTPError when the endpoint
    cannot be reached.
    """

    def functions(self) -> list[str]:
        """Return the names of all functions that an emulator serves."""
        return list(self._ask("GET", "/_ric/health")["functions"])

    def of_function(
        self, function: str, filters: Iterable[tuple[str, str]] = ()
    ) -> Iterator[Members]:
        """Yield the executions of a function; `filters` are parameters of the query."""
        path = f"{_VERSION}/functions/{quote(function, safe='')}/durable-executions"
        yield from self._pages(path, [*filters], "DurableExecutions")

    def get(self, arn: str) -> Members:
        """Return one execution, with its input and what it ended with."""
        return self._ask("GET", f"{_path(arn)}?IncludeExecutionData=true")

    def history(self, arn: str) -> Iterator[Members]:
        """Yield the events so far."""
        yield from self._pages(
            f"{_path(arn)}/history", [("IncludeExecutionData", "true")], "Events"
        )

    def next_events(self, arn: str, known: int, seconds: int) -> list[Members]:
        """Return the events after those that are known, an empty list if nothing has happened.

        The emulator waits that many seconds for one before it says so; others need not.
        """
        query = f"IncludeExecutionData=true&MaxItems={_PAGE}&Marker={known}"
        wish = {"Prefer": f"wait={seconds}"}
        answer = self._ask("GET", f"{_path(arn)}/history?{query}", headers=wish)
        return list(answer["Events"])

    def stop(self, arn: str, error: Mapping[str, str]) -> Members:
        """End an execution, with an error, or with the one of the service if it has no members."""
        return self._ask("POST", f"{_path(arn)}/stop", json.dumps(error))

    def pause(self, arn: str, reason: str | None, *, stop_clock: bool) -> None:
        """Let a handler not be invoked; its time-out waits too if that clock is stopped."""
        body = {"Reason": reason, "ExecutionTimeoutPaused": stop_clock}
        self._ask("POST", f"{_path(arn)}/pause", json.dumps(body))

    def resume(self, arn: str, reason: str | None) -> None:
        """Go on with an execution that is paused."""
        self._ask("POST", f"{_path(arn)}/resume", json.dumps({"Reason": reason}))

    def delete(self, arn: str) -> None:
        """Forget an execution that has ended."""
        self._ask("DELETE", _path(arn))

    def complete(self, callback_id: str, how: str, body: bytes) -> None:
        """Let a callback "succeed" or "fail", or report a "heartbeat"; the body is sent as is."""
        path = f"{_VERSION}/durable-execution-callbacks/{quote(callback_id, safe='')}/{how}"
        self._ask("POST", path, body)

    def _pages(self, path: str, query: list[tuple[str, str]], members: str) -> Iterator[Members]:
        marker: str | None = None
        while True:
            parameters = [*query, ("MaxItems", str(_PAGE))]
            if marker:
                parameters.append(("Marker", marker))
            text = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters)
            answer = self._ask("GET", f"{path}?{text}")
            yield from answer[members]
            marker = answer.get("NextMarker")
            if not marker:
                return

    def _ask(
        self,
        method: str,
        path: str,
        body: str | bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Members:
        answer = self._http.request(method, path, content=body, headers=headers)
        if answer.status_code >= 400:
            raise refusal(answer.status_code, answer.headers, answer.content)
        try:
            members = json.loads(answer.content or b"{}")
        except ValueError:
            members = None
        if not isinstance(members, dict):
            raise InvokeRefused(answer.status_code, "error", "the answer is no JSON object")
        return members


def _path(arn: str) -> str:
    return f"{_VERSION}/durable-executions/{quote(arn, safe='')}"
