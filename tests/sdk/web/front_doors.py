"""Events of every front door for the same request, and their answers in one form."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from lambda_ric.testing import events

Event = dict[str, Any]
Send = Callable[..., Event]


def function_url(method: str, path: str, **more: Any) -> Event:
    return events.function_url(method, path, **more)


def http_api(method: str, path: str, **more: Any) -> Event:
    return events.http_api(method, unquote(path), **more)  # this front door decodes the path


def http_api_1(method: str, path: str, **more: Any) -> Event:
    event = rest_api(method, path, **more)
    event["requestContext"] |= {"stage": "$default", "path": unquote(path)}
    return {"version": "1.0", **event}


def rest_api(method: str, path: str, cookies: list[str] | None = None, **more: Any) -> Event:
    return events.rest_api(method, path, **_with_cookies(cookies, more))


def alb(method: str, path: str, cookies: list[str] | None = None, **more: Any) -> Event:
    return events.alb(method, path, **_with_cookies(cookies, more))


def alb_multi(method: str, path: str, **more: Any) -> Event:
    return alb(method, path, multi_value=True, **more)


def _with_cookies(cookies: list[str] | None, more: dict[str, Any]) -> dict[str, Any]:
    if cookies:
        more["headers"] = {**(more.get("headers") or {}), "cookie": "; ".join(cookies)}
    return more


FRONT_DOORS: list[Send] = [function_url, http_api, http_api_1, rest_api, alb, alb_multi]


class Seen:
    """An answer as a client sees it, whatever the front door."""

    def __init__(self, result: Any) -> None:
        assert isinstance(result, dict), result
        self.status: int = result["statusCode"]
        lists: dict[str, list[str]] = {}
        for name, value in (result.get("headers") or {}).items():
            lists.setdefault(name.lower(), []).append(value)
        for name, values in (result.get("multiValueHeaders") or {}).items():
            lists.setdefault(name.lower(), []).extend(values)
        self.cookies = sorted([*lists.pop("set-cookie", []), *(result.get("cookies") or [])])
        self.headers = {name: ",".join(values) for name, values in lists.items()}
        body = result.get("body") or ""
        self.body = b64decode(body) if result.get("isBase64Encoded") else body.encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seen) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self.status)

    def __repr__(self) -> str:
        return repr(vars(self))
