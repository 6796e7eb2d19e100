"""How a function's result becomes an HTTP response: the parts that front doors share.

Source: "Lambda proxy integrations in API Gateway" in the API Gateway developer guide, and
recordings of the real service where these say otherwise.
"""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any, NamedTuple

from lambda_ric.wire.runtime_api import JSON_TYPE

Fields = list[tuple[str, str]]

TEXT_TYPE = "text/plain; charset=utf-8"

BODYLESS = (204, 304)
"""Statuses whose responses have no body."""

_FRAMING = frozenset(("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"))
"""Fields that are about the connection: the front door sends its own."""


class InvalidAnswer(Exception):
    """The function's result is not an answer that the front door understands."""


class NotJson(InvalidAnswer):
    """The result is not JSON at all."""


class Answer(NamedTuple):
    """A response before the front door adds fields of its own."""

    status: int
    fields: Fields
    body: bytes = b""


def json_answer(status: int, text: str, *fields: tuple[str, str]) -> Answer:
    """Return an answer of the front door's own: JSON that is already written."""
    return Answer(status, [("Content-Type", JSON_TYPE), *fields], text.encode())


def parse(payload: bytes) -> Any:
    """Return a result. Raises NotJson."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        raise NotJson("the result is not JSON") from None


def compact(value: Any) -> bytes:
    """Return a value as a body: a string as it is, any other as JSON without blanks."""
    if not isinstance(value, str):
        value = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return str(value).encode("utf-8", "replace")


def status_of(answer: dict[str, Any]) -> int:
    """Return the status code; a string of digits is one too. Raises InvalidAnswer."""
    value = answer.get("statusCode")
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if type(value) is not int or not 200 <= value <= 599:
        raise InvalidAnswer(f"its statusCode is {value!r}, not a number from 200 to 599")
    return value


def body_of(answer: dict[str, Any]) -> bytes:
    """Return the body, decoded if it is in base64. Raises InvalidAnswer."""
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise InvalidAnswer(f"its body is of the type {type(body).__name__}, not a string")
    if answer.get("isBase64Encoded") is not True:
        return body.encode("utf-8", "replace")
    try:
        return b64decode(body, validate=True)
    except ValueError:
        raise InvalidAnswer("isBase64Encoded is true, but its body is not base64") from None


def single_fields(answer: dict[str, Any], key: str = "headers") -> Fields:
    """Return the header fields with one value each. Raises InvalidAnswer."""
    return [(name, _scalar(name, value)) for name, value in _members(answer, key)]


def multi_fields(answer: dict[str, Any]) -> Fields:
    """Return the header fields with lists of values. Raises InvalidAnswer."""
    fields = []
    for name, values in _members(answer, "multiValueHeaders"):
        if not isinstance(values, list):
            raise InvalidAnswer(f"the value of {name!r} in its multiValueHeaders is not a list")
        fields += [(name, _scalar(name, value)) for value in values]
    return fields


def cookie_fields(answer: dict[str, Any]) -> Fields:
    """Return a Set-Cookie for each of its cookies. Raises InvalidAnswer."""
    cookies = answer.get("cookies") or []
    if not isinstance(cookies, list):
        raise InvalidAnswer("its cookies are not a list")
    return [("Set-Cookie", _scalar("cookies", cookie)) for cookie in cookies]


def own_fields(fields: Fields, remapped: frozenset[str] = frozenset()) -> Fields:
    """Return the fields that are the function's to set; some go out under another name."""
    own = []
    for name, value in fields:
        lower = name.lower()
        if lower in remapped:
            own.append((f"x-amzn-remapped-{lower}", value))
        elif lower not in _FRAMING and lower != "date":
            own.append((name, value))
    return own


def with_type(fields: Fields, default: str) -> Fields:
    """Return fields that have a content type."""
    if any(name.lower() == "content-type" for name, _ in fields):
        return fields
    return [*fields, ("Content-Type", default)]


def _members(answer: dict[str, Any], key: str) -> list[tuple[str, Any]]:
    members = answer.get(key)
    if members is None:
        return []
    if not isinstance(members, dict):
        raise InvalidAnswer(f"its {key} are not an object")
    return list(members.items())


def _scalar(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    raise InvalidAnswer(f"the value of {name!r} is of the type {type(value).__name__}")
