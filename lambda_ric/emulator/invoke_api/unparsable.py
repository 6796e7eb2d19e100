"""Why a payload is not JSON, in the form in which Lambda says it.

Source: recordings of the real service, which parses with Jackson. What Python's parser found takes
the place of Jackson's words, unless the text is not UTF-8.
"""

from __future__ import annotations

import json

_VALUES = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"


def unparsable(error: ValueError | RecursionError) -> str:
    """Return the message for an error of the parser."""
    reason, line, column = _explained(error)
    return (
        f"Could not parse request body into json: Could not parse payload into json: {reason}\n"
        " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); "
        f"line: {line}, column: {column}]"
    )


def _explained(error: ValueError | RecursionError) -> tuple[str, int, int]:
    """Return the reason, and where it is: line and column, counted from 1."""
    if isinstance(error, json.JSONDecodeError):
        return error.msg, error.lineno, error.colno
    if not isinstance(error, UnicodeDecodeError):
        return str(error), 1, 1
    before, wrong = error.object[: error.start], error.object[error.start]
    line = before.count(b"\n") + 1
    column = error.start - (before.rfind(b"\n") + 1) + 1
    if not before.strip():
        reason = (
            f"Unexpected character ((CTRL-CHAR, code {wrong})): expected a valid value ({_VALUES})"
        )
        return reason, line, column
    if error.reason == "invalid continuation byte":
        return f"Invalid UTF-8 middle byte 0x{error.object[error.end]:x}", line, column + 1
    return f"Invalid UTF-8 start byte 0x{wrong:x}", line, column + 1
