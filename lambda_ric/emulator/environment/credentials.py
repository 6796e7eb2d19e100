"""Credentials for functions that call the emulator through an AWS SDK.

In Lambda, a function always has credentials, and the SDKs refuse to call without some. The emulator
does not read signatures. So a durable function gets placeholders on a machine that has none.

Source: "Credentials" in the developer guide of boto3, for where they are looked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

PLACEHOLDERS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}

_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_FILES = (
    ("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    ("AWS_CONFIG_FILE", "config"),
)
_SETTINGS = re.compile(
    r"^\s*(aws_access_key_id|credential_\w+|sso_\w+|role_arn|login_\w+)\s*=", re.MULTILINE
)
_VENDOR = Path("/sys/devices/virtual/dmi/id/sys_vendor")
"""Names the maker of this machine; one of Amazon's has credentials that a network address gives."""


def has_credentials(variables: Mapping[str, str]) -> bool:
    """Whether an AWS SDK in a process with these variables may find credentials."""
    if any(variables.get(name) for name in _VARIABLES):
        return True
    home = Path(variables.get("HOME") or os.path.expanduser("~"), ".aws")
    for name, default in _FILES:
        path = Path(os.path.expanduser(variables.get(name) or home / default))
        if _SETTINGS.search(_text_of(path)):
            return True
    return _text_of(_VENDOR).startswith("Amazon EC2")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
