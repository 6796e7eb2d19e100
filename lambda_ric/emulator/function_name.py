"""The names that callers can use for a function.

Source: the `FunctionName` and `Qualifier` parameters of Invoke in the Lambda API reference.
"""

from __future__ import annotations

import re

_NAME = re.compile(
    r"(?:arn:(?:aws[a-zA-Z-]*)?:lambda:(?P<arn_region>[a-z0-9-]+):\d{12}:"
    r"|(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?)"
    r"(?:function:)?(?P<name>[a-zA-Z0-9-_.]+)"
    r"(?::(?P<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
)
_QUALIFIER = re.compile(r"\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_$]+")


def parse_name(text: str, qualifier: str | None = None) -> tuple[str, str | None]:
    """Split a function's name, partial ARN or ARN into its bare name and its qualifier.

    `qualifier` is the one in the query. Raises ValueError, with Lambda's words, for a text that
    cannot name a function and for two different qualifiers.
    """
    match = _NAME.fullmatch(text)
    if match is None or len(text) > 256:
        raise ValueError(
            f"1 validation error detected: Value '{text[:300]}' at 'functionName' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern of a function name"
        )
    if qualifier and not _QUALIFIER.fullmatch(qualifier):
        raise ValueError(
            f"1 validation error detected: Value '{qualifier[:300]}' at 'qualifier' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern of a qualifier"
        )
    in_name = match["qualifier"]
    if in_name and qualifier and in_name != qualifier:
        raise ValueError(
            "The derived qualifier from the function name does not match the specified qualifier."
        )
    return match["name"], in_name or qualifier or None
