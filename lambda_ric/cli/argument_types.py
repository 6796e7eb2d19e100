"""Types of command-line arguments; each raises ValueError for text that it cannot read."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-zA-Z0-9-_]{1,64}")


def count(text: str) -> int:
    """Read a whole number above 0."""
    number = int(text)
    if number < 1:
        raise ValueError("not above 0")
    return number


def seconds(text: str) -> float:
    """Read a time above 0."""
    number = delay(text)
    if number == 0:
        raise ValueError("not above 0")
    return number


def delay(text: str) -> float:
    """Read a time of 0 or more."""
    number = float(text)
    if not 0 <= number < 1_000_000:
        raise ValueError("not a time")
    return number


def port(text: str) -> int:
    """Read a port number; 0 means any free port."""
    number = int(text)
    if not 0 <= number <= 65_535:
        raise ValueError("not a port")
    return number


def address(text: str) -> tuple[str, int]:
    """Read `host:port`, where an empty host means all interfaces."""
    host, colon, number = text.rpartition(":")
    if not colon:
        raise ValueError("not host:port")
    return host.strip("[]") or "0.0.0.0", port(number)


def named_handler(text: str) -> tuple[str, str]:
    """Read `NAME=module.handler` or `NAME=module:app`."""
    name, _, handler = text.partition("=")
    if not _NAME.fullmatch(name) or not ("." in handler or ":" in handler):
        raise ValueError("not NAME=module.handler")
    return name, handler
