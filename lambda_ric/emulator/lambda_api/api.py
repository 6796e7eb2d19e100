"""The operations that describe functions, for SDKs, their waiters, and tools that read them.

Source: the service model of the AWS SDKs, and recordings of the real service for the texts and
for the members that each response has.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.api_query import Query
from lambda_ric.emulator.function import LATEST
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.http.routes import RouteTable
from lambda_ric.emulator.invoke import new_request_id
from lambda_ric.emulator.lambda_api.account import account_settings
from lambda_ric.emulator.lambda_api.configuration import (
    Description,
    code_of,
    concurrency_of,
    described,
    listed,
    timestamp,
)
from lambda_ric.emulator.lambda_api.event_invoke import event_invoke_config
from lambda_ric.emulator.scheduling.scheduler import Scheduler
from lambda_ric.emulator.scheduling.served import ServedFunctions
from lambda_ric.wire.runtime_api import JSON_TYPE

PAGE = 50
"""The maximum number of functions on a page, whatever was asked for."""

MOST_ITEMS = 10_000

UrlOf = Callable[[str], "Description | None"]
"""Returns what a function URL is like, for the name of its function; None if it has none."""


class LambdaApi:
    """Answers what the functions are like. `url_of` knows their function URLs."""

    def __init__(self, functions: ServedFunctions, url_of: UrlOf) -> None:
        self._functions = functions
        self._url_of = url_of

    def add_routes(self, routes: RouteTable) -> None:
        """Add the operations to the table of an API."""
        function = "/functions/{name}"
        for path, act in (
            ("/2015-03-31/functions", self._list),
            ("/2015-03-31/functions/", self._list),  # as older SDKs write it
            (f"/2015-03-31{function}", self._get),
            (f"/2015-03-31{function}/configuration", self._configuration),
            ("/2016-08-19/account-settings", self._account),
            ("/2016-08-19/account-settings/", self._account),
            ("/2017-03-31/tags/{arn}", self._tags),
            (f"/2019-09-25{function}/event-invoke-config", self._event_invoke),
            (f"/2019-09-30{function}/concurrency", self._concurrency),
            (f"/2021-10-31{function}/url", self._url),
        ):
            routes.add("GET", path, _answering(act))

    def _list(self, query: Query) -> Description:
        versions = query.text("FunctionVersion")
        if versions not in ("", "ALL"):
            raise _invalid(f"'{versions}' at 'functionVersion'", "enum value set: [ALL]")
        schedulers = sorted(
            self._functions.schedulers.values(), key=lambda scheduler: scheduler.function.name
        )
        start = query.start()
        end = start + min(query.max_items(1, MOST_ITEMS), PAGE)
        qualifier = LATEST if versions else None
        page: Description = {
            "Functions": [listed(scheduler, qualifier) for scheduler in schedulers[start:end]]
        }
        if end < len(schedulers):
            page["NextMarker"] = str(end)
        return page

    def _get(self, query: Query, name: str) -> Description:
        scheduler, qualifier = self._find(query, name)
        function = scheduler.function
        answer = {"Configuration": described(scheduler, qualifier), "Code": code_of(function)}
        if concurrency := concurrency_of(function):
            answer["Concurrency"] = concurrency
        return answer

    def _configuration(self, query: Query, name: str) -> Description:
        return described(*self._find(query, name))

    def _concurrency(self, query: Query, name: str) -> Description:
        return concurrency_of(self._find(query, name)[0].function)

    def _account(self, query: Query) -> Description:
        schedulers = self._functions.schedulers.values()
        return account_settings([scheduler.function for scheduler in schedulers])

    def _tags(self, query: Query, arn: str) -> Description:
        if not arn.startswith("arn:"):
            raise _invalid(f"'{arn[:300]}' at 'resource'", "regular expression pattern of an ARN")
        _, qualifier = self._find(query, arn)
        if qualifier is not None:
            raise ApiError(
                400,
                "InvalidParameterValueException",
                "Tags on function aliases and versions are not supported. "
                "Please specify a function ARN.",
            )
        return {"Tags": {}}

    def _event_invoke(self, query: Query, name: str) -> Description:
        scheduler, qualifier = self._find(query, name)
        return event_invoke_config(scheduler, qualifier)

    def _url(self, query: Query, name: str) -> Description:
        scheduler, qualifier = self._find(query, name)
        url = self._url_of(scheduler.function.name)
        if url is None or qualifier is not None:
            message = "The resource you requested does not exist."
            raise ApiError(404, "ResourceNotFoundException", message, key="Message")
        created = timestamp(scheduler.modified)
        arn = scheduler.function.arn()
        return {"FunctionArn": arn, "CreationTime": created, "LastModifiedTime": created, **url}

    def _find(self, query: Query, name: str) -> tuple[Scheduler, str | None]:
        return self._functions.find(name, query.text("Qualifier") or None)


def _answering(act: Callable[..., Description]) -> Callable[..., None]:
    """Return the handler of a route that answers with what `act` describes."""

    def handler(exchange: Exchange, *parameters: str) -> None:
        answer = act(Query(exchange.request.target), *parameters)
        fields = (("Content-Type", JSON_TYPE), ("x-amzn-RequestId", new_request_id()))
        exchange.respond(200, fields, json.dumps(answer).encode())

    return handler


def _invalid(what: str, constraint: str) -> ApiError:
    message = (
        f"1 validation error detected: Value {what} failed to satisfy constraint: "
        f"Member must satisfy {constraint}"
    )
    return ApiError(400, "ValidationException", message)
