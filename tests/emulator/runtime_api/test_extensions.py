"""The Extensions API, asked by extensions that the tests play themselves."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from tests.support.played import Played, arrived, playing
from tests.support.service import scenario

REGISTER = "/2020-01-01/extension/register"
NEXT_EVENT = "/2020-01-01/extension/event/next"
INIT_ERROR = "/2020-01-01/extension/init/error"
EXIT_ERROR = "/2020-01-01/extension/exit/error"
IDENTIFIER = "Lambda-Extension-Identifier"


@scenario
async def test_an_internal_extension_hears_of_invocations() -> None:
    async with playing() as played:
        named = {"Lambda-Extension-Name": "mine"}
        registered = await played.api.post(REGISTER, json={"events": ["INVOKE"]}, headers=named)
        assert registered.status_code == 200
        assert registered.json() == {
            "functionName": "test_function",
            "functionVersion": "$LATEST",
            "handler": "app.handler",
        }
        known = {IDENTIFIER: registered.headers[IDENTIFIER]}
        again = await played.api.post(REGISTER, headers=named)
        assert again.json()["errorType"] == "Extension.InvalidExtensionState"
        event = asyncio.ensure_future(played.api.get(NEXT_EVENT, headers=known))
        await arrived()
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        heard = (await event).json()
        assert (heard["eventType"], heard["requestId"]) == ("INVOKE", request_id)
        await played.answer(request_id)
        await caller
        late = await played.api.post(REGISTER, headers={"Lambda-Extension-Name": "late"})
        assert late.json()["errorType"] == "Extension.RegistrationClosed"


@pytest.mark.parametrize(
    ("headers", "content", "error_type"),
    [
        ({}, b"", "Extension.InvalidExtensionName"),
        ({"Lambda-Extension-Name": "x"}, b"[", "InvalidRequestFormat"),
        ({"Lambda-Extension-Name": "x"}, b'{"events": ["SHUTDOWN"]}', "Extension.InvalidEventType"),
        ({"Lambda-Extension-Name": "x"}, b'{"events": ["ODD"]}', "Extension.InvalidEventType"),
    ],
)
@scenario
async def test_extensions_that_cannot_be_are_refused(
    headers: dict[str, str], content: bytes, error_type: str
) -> None:
    async with playing() as played:
        refused = await played.api.post(REGISTER, headers=headers, content=content)
        assert refused.status_code == 403
        assert json.loads(refused.content)["errorType"] == error_type


async def registered(played: Played, name: str = "mine") -> dict[str, str]:
    """Register, and return the header that identifies the extension."""
    answer = await played.api.post(REGISTER, headers={"Lambda-Extension-Name": name})
    assert answer.status_code == 200
    return {IDENTIFIER: answer.headers[IDENTIFIER]}


def check_refused(answer: httpx.Response, error_type: str, message: str) -> None:
    assert answer.status_code == 403
    assert answer.json() == {"errorMessage": message, "errorType": f"Extension.{error_type}"}


@pytest.mark.parametrize(
    ("identifier", "error_type", "message"),
    [
        ("", "MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header"),
        ("x", "InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier"),
        (
            "00000000-0000-4000-8000-000000000000",
            "UnknownExtensionIdentifier",
            "Unknown extension 00000000-0000-4000-8000-000000000000",
        ),
    ],
)
@scenario
async def test_an_extension_has_to_say_who_it_is(
    identifier: str, error_type: str, message: str
) -> None:
    async with playing() as played:
        fields = {IDENTIFIER: identifier} if identifier else {}
        check_refused(await played.api.get(NEXT_EVENT, headers=fields), error_type, message)
        for path in ("/2022-07-01/telemetry", "/2020-08-15/logs"):
            answer = await played.api.put(path, headers=fields, json={})
            check_refused(answer, error_type, message)


@scenario
async def test_an_error_is_taken_once_and_ends_the_extension() -> None:
    async with playing() as played:
        me = await registered(played)
        answer = await played.api.post(EXIT_ERROR, headers=me)
        message = "Lambda-Extension-Function-Error-Type not found"
        check_refused(answer, "MissingHeader", message)
        broken = {**me, "Lambda-Extension-Function-Error-Type": "Mine.Broken"}
        for path in (INIT_ERROR, INIT_ERROR, EXIT_ERROR):
            accepted = await played.api.post(path, headers=broken)
            assert (accepted.status_code, accepted.json()) == (202, {"status": "OK"})
        answer = await played.api.get(NEXT_EVENT, headers=me)
        check_refused(
            answer,
            "InvalidExtensionState",
            "State transition from ExitError to Ready failed for extension mine. "
            "Error: State transition is not allowed",
        )


@scenario
async def test_an_extension_that_was_ready_has_no_error_of_its_init() -> None:
    async with playing() as played:
        me = await registered(played)
        waits = asyncio.ensure_future(played.api.get(NEXT_EVENT, headers=me))
        await arrived()
        broken = {**me, "Lambda-Extension-Function-Error-Type": "Mine.Broken"}
        answer = await played.api.post(INIT_ERROR, headers=broken)
        check_refused(
            answer,
            "InvalidExtensionState",
            "State transition from Ready to InitError failed for extension mine. "
            "Error: State transition is not allowed",
        )
        waits.cancel()


@scenario
async def test_there_may_be_ten_extensions_and_no_configuration_keys() -> None:
    async with playing() as played:
        for number in range(10):
            await registered(played, str(number))
        fields = {"Lambda-Extension-Name": "one too many"}
        answer = await played.api.post(REGISTER, headers=fields)
        check_refused(answer, "TooManyExtensions", "Extension limit (10) reached")
        answer = await played.api.post(REGISTER, headers=fields, json={"configurationKeys": []})
        assert answer.json() == {
            "errorMessage": "configurationKeys are deprecated; use environment variables instead",
            "errorType": "InvalidRequestFormat",
        }
