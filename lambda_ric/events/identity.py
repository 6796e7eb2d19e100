"""Identities in sample events: account, region, ARNs, and ids that are new in every event."""

from __future__ import annotations

import secrets
import string
from typing import Any
from uuid import uuid4

from lambda_ric.aws.region import partition_of

Event = dict[str, Any]
"""An event as the handler gets it: the payload parsed by `json.loads`."""

ACCOUNT = "123456789012"
"""The account AWS uses in its own documentation; it belongs to nobody."""

REGION = "us-east-1"

_LETTERS = string.ascii_lowercase + string.digits


def arn(service: str, resource: str, *, region: str = REGION, account: str = ACCOUNT) -> str:
    """Return the ARN of a resource; pass an empty region or account for global services."""
    return f"arn:{partition_of(region).name}:{service}:{region}:{account}:{resource}"


def new_uuid() -> str:
    """Return a random UUID as text, as AWS writes request ids."""
    return str(uuid4())


def new_hex(digits: int) -> str:
    """Return that many random hexadecimal digits in lower case."""
    return secrets.token_hex((digits + 1) // 2)[:digits]


def new_digits(count: int) -> str:
    """Return that many random decimal digits; the first is not 0."""
    return secrets.choice("123456789") + "".join(
        secrets.choice(string.digits) for _ in range(count - 1)
    )


def new_name(length: int) -> str:
    """Return a random name of lower-case letters and digits, as API and queue ids are."""
    return secrets.choice(string.ascii_lowercase) + "".join(
        secrets.choice(_LETTERS) for _ in range(length - 1)
    )


def new_token(size: int) -> str:
    """Return an opaque token: base64 of that many random bytes."""
    return secrets.token_urlsafe(size)


def new_trace_header(seconds: float) -> str:
    """Return an X-Ray trace header whose root was made at `seconds` since the epoch."""
    return f"Root=1-{int(seconds):08x}-{new_hex(24)};Parent={new_hex(16)};Sampled=1"
