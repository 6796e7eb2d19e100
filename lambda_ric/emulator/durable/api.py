"""The operations on durable executions, as callers and the SDKs of handlers use them.

Source: the operations with "Durable" in their names in the service model of the AWS SDKs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from lambda_ric.emulator.api_errors import ApiError, invalid_parameter, stopping
from lambda_ric.emulator.api_query import Query
from lambda_ric.emulator.durable import callbacks, control
from lambda_ric.emulator.durable.checkpoint import check_token, checkpoint
from lambda_ric.emulator.durable.execution import Execution
from lambda_ric.emulator.durable.executions import Executions
from lambda_ric.emulator.durable.listing import executions_page, history_page
from lambda_ric.emulator.durable.operation import in_seconds
from lambda_ric.emulator.durable.pages import state_page
from lambda_ric.emulator.durable.updates import read_error, read_updates
from lambda_ric.emulator.durable.views import describe
from lambda_ric.emulator.durable.watching import Watch, wished_wait
from lambda_ric.emulator.http.exchange import Exchange, Whole
from lambda_ric.emulator.http.routes import RouteTable
from lambda_ric.emulator.invoke import new_request_id
from lambda_ric.emulator.scheduling.served import ServedFunctions
from lambda_ric.wire.runtime_api import JSON_TYPE

VERSION = "/2025-12-01"

MAX_BODY = 16 * 1_048_576
MAX_CALLBACK_RESULT = 1_048_576
MAX_REASON = 1_024

_CLIENT_TOKEN = re.compile(r"[\x21-\x7e]{1,64}")

Answer = dict[str, Any]
Act = Callable[..., Answer]


class DurableApi:
    """Answers requests about executions."""

    def __init__(self, executions: Executions, served: ServedFunctions) -> None:
        self._executions = executions
        self._served = served

    def add_routes(self, routes: RouteTable) -> None:
        """Add the operations to the table of an API."""
        arn = f"{VERSION}/durable-executions/{{arn}}"
        callback = f"{VERSION}/durable-execution-callbacks/{{id}}"
        listed = f"{VERSION}/functions/{{name}}/durable-executions"
        for method, path, act, status in (
            ("GET", listed, self._list, 200),
            ("GET", arn, self._get, 200),
            ("DELETE", arn, self._delete, 202),
            ("GET", f"{arn}/state", self._state, 200),
        ):
            routes.add(method, path, partial(self._without_body, act, status))
        routes.add("GET", f"{arn}/history", self._history_with_news)
        for path, take, status, limit in (
            (f"{arn}/checkpoint", self._checkpoint, 200, MAX_BODY),
            (f"{arn}/stop", self._stop, 200, MAX_BODY),
            (f"{arn}/pause", self._pause, 202, MAX_BODY),
            (f"{arn}/resume", self._resume, 202, MAX_BODY),
            (f"{callback}/succeed", self._succeed, 200, MAX_CALLBACK_RESULT),
            (f"{callback}/fail", self._fail, 200, MAX_BODY),
            (f"{callback}/heartbeat", self._heartbeat, 200, MAX_BODY),
        ):
            routes.add("POST", path, partial(self._with_body, take, status, limit))

    def _without_body(self, act: Act, status: int, exchange: Exchange, parameter: str) -> None:
        query = Query(exchange.request.target)
        exchange.consumer = Whole(
            MAX_BODY,
            lambda body: self._answer(exchange, status, lambda: act(parameter, query)),
            lambda size: _too_large(exchange, size, MAX_BODY),
        )

    def _with_body(
        self, act: Act, status: int, limit: int, exchange: Exchange, parameter: str
    ) -> None:
        exchange.consumer = Whole(
            limit,
            lambda body: self._answer(exchange, status, lambda: act(parameter, body)),
            lambda size: _too_large(exchange, size, limit),
        )

    def _answer(self, exchange: Exchange, status: int, act: Callable[[], Answer]) -> None:
        request_id = new_request_id()
        try:
            if self._executions.closed:
                raise stopping()
            body = json.dumps(act()).encode()
        except ApiError as error:
            error.answer(exchange, request_id)
            return
        fields = (("Content-Type", JSON_TYPE), ("x-amzn-RequestId", request_id))
        exchange.respond(status, fields, body)

    # What handlers ask.

    def _checkpoint(self, arn: str, body: bytes) -> Answer:
        request = _members(body)
        token, client_token = request.get("CheckpointToken"), request.get("ClientToken")
        if not isinstance(token, str):
            raise invalid_parameter("CheckpointToken must be a string.")
        if client_token is not None and not (
            isinstance(client_token, str) and _CLIENT_TOKEN.fullmatch(client_token)
        ):
            raise invalid_parameter("ClientToken must be 1 to 64 printable characters.")
        execution = self._handled(arn)
        self._executions.catch_up(execution)
        answer, chained = checkpoint(
            execution,
            token,
            client_token,
            read_updates(request.get("Updates")),
            partial(self._executions.chained.resolve, execution),
            self._executions.now(execution),
        )
        self._executions.settle(execution)
        for operation in chained:
            self._executions.chained.start(execution, operation)
        return answer

    def _state(self, arn: str, query: Query) -> Answer:
        execution = self._handled(arn)
        check_token(execution, query.text("CheckpointToken"))
        return state_page(execution, query.text("Marker"), query.max_items())

    def _handled(self, arn: str) -> Execution:
        """Return an execution for its handler, for which an unknown one is an invalid one."""
        try:
            return self._executions.get(arn)
        except ApiError as error:
            raise invalid_parameter(str(error)) from None

    # What everybody may ask.

    def _get(self, arn: str, query: Query) -> Answer:
        return describe(
            self._executions.get(arn), with_data=query.flag("IncludeExecutionData", True)
        )

    def _history(self, arn: str, query: Query) -> Answer:
        return history_page(self._executions.get(arn), query)

    def _history_with_news(self, exchange: Exchange, arn: str) -> None:
        """Answer with a page of the history, once it has news if the caller would wait for it."""
        if not wished_wait(exchange):
            self._without_body(self._history, 200, exchange, arn)
            return
        query = Query(exchange.request.target)
        try:
            execution, known = self._executions.get(arn), query.start()
        except ApiError as error:
            error.answer(exchange, new_request_id())
            return

        def answer() -> None:
            self._answer(exchange, 200, lambda: self._history(arn, query))

        Watch(self._executions, execution, known, exchange, answer)

    def _list(self, name: str, query: Query) -> Answer:
        self._executions.forget_expired()
        scheduler, _ = self._served.find(name, query.text("Qualifier") or None)
        return executions_page(self._executions.store, scheduler.function, query)

    def _delete(self, arn: str, query: Query) -> Answer:
        execution = self._executions.get(arn)
        self._executions.forget(execution)
        return {"DeletionRequestTimestamp": in_seconds(self._executions.now(execution))}

    def _stop(self, arn: str, body: bytes) -> Answer:
        execution = self._executions.get(arn)
        error = read_error(_members(body), "Error")
        stopped = control.stop(execution, error, self._executions.now(execution))
        self._executions.settle(execution)
        return {"StopTimestamp": in_seconds(stopped)}

    def _pause(self, arn: str, body: bytes) -> Answer:
        execution = self._executions.get(arn)
        request = _members(body)
        clock = request.get("ExecutionTimeoutPaused") is True
        control.pause(execution, _reason(request), clock, self._executions.now(execution))
        self._executions.settle(execution)
        return {}

    def _resume(self, arn: str, body: bytes) -> Answer:
        execution = self._executions.get(arn)
        control.resume(execution, _reason(_members(body)), self._executions.now(execution))
        self._executions.settle(execution)
        return {}

    # Callbacks.

    def _succeed(self, callback_id: str, body: bytes) -> Answer:
        callbacks.succeed(self._executions, callback_id, body)
        return {}

    def _fail(self, callback_id: str, body: bytes) -> Answer:
        error = read_error(_members(body), "Error") or {}
        callbacks.fail(self._executions, callback_id, error)
        return {}

    def _heartbeat(self, callback_id: str, body: bytes) -> Answer:
        callbacks.heartbeat(self._executions, callback_id)
        return {}


def _members(body: bytes) -> dict[str, Any]:
    """Return the members of a body, none where it is empty. Raises ApiError."""
    try:
        members = json.loads(body) if body else {}
    except (ValueError, RecursionError) as error:
        raise invalid_parameter(f"Could not parse request body into json: {error}") from None
    if members is None:
        return {}
    if not isinstance(members, dict):
        raise invalid_parameter("The request body must be a JSON object.")
    return members


def _reason(request: dict[str, Any]) -> str | None:
    reason = request.get("Reason")
    if not isinstance(reason, str | None) or len(reason or "") > MAX_REASON:
        raise invalid_parameter(f"Reason must be a string of at most {MAX_REASON} characters.")
    return reason


def _too_large(exchange: Exchange, size: int, limit: int) -> None:
    message = f"{size} bytes are too many for the request body (limit {limit} bytes)"
    ApiError(413, "RequestTooLargeException", message).answer(exchange, new_request_id())
