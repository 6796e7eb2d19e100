"""The query of a request to an API of the emulator."""

from __future__ import annotations

from datetime import datetime, timezone
from urllib.parse import parse_qs

from lambda_ric.emulator.api_errors import invalid_parameter


class Query:
    """The parameters in the target of a request. Its methods raise ApiError for malformed ones."""

    def __init__(self, target: bytes) -> None:
        text = target.decode("ascii").partition("?")[2]
        self._parameters = parse_qs(text, keep_blank_values=True)

    def text(self, name: str) -> str:
        """Return a parameter, "" when it is not there."""
        return self._parameters.get(name, [""])[0]

    def texts(self, name: str) -> list[str]:
        """Return a parameter that may occur several times."""
        return self._parameters.get(name, [])

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean parameter."""
        text = self.text(name).lower()
        if text not in ("", "true", "false"):
            raise invalid_parameter(f"{name} must be true or false.")
        return text == "true" if text else default

    def max_items(self, least: int = 0, most: int = 1_000) -> int:
        """Return how many items a page may have; 0, or nothing, means as many as possible."""
        text = self.text("MaxItems")
        if text and not (text.isdecimal() and least <= int(text) <= most):
            raise invalid_parameter(f"MaxItems must be a number between {least} and {most}.")
        return int(text or "0") or most

    def time(self, name: str) -> float | None:
        """Return a time in seconds since the epoch, which may be given as a date and time too."""
        text = self.text(name)
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            pass
        try:
            given = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            raise invalid_parameter(f"{name} must be a time.") from None
        return given.replace(tzinfo=given.tzinfo or timezone.utc).timestamp()

    def start(self) -> int:
        """Return where a page begins, from the marker of the page before."""
        text = self.text("Marker") or "0"
        if not text.isdecimal():
            raise invalid_parameter("Invalid marker.")
        return int(text)
