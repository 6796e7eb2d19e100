"""Prints the log: for people, in colours on a terminal, or for programs, as one JSON object a line.

Every entry is written in one call, so that the output of environments that run at the same time
never mixes within a line. While several invokes run, each line names its invoke.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from typing import TextIO

from lambda_ric.emulator.log.platform_events import (
    END,
    EXTENSION,
    EXTENSION_STATE,
    FUNCTION,
    HTTP_REQUEST,
    LOGS_SUBSCRIPTION,
    NOTICE,
    REPORT,
    START,
    TELEMETRY_SUBSCRIPTION,
    LogEvent,
    timestamp,
)
from lambda_ric.emulator.log.texts import text_of
from lambda_ric.wire.log_frames import ERROR, WARNING

_DIM, _RED, _YELLOW, _RESET = "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[0m"

_CONTROLS = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters other than tab and line break; a change of colour counts as one."""

_INFORMATION = frozenset(
    (
        *(START, END, REPORT, NOTICE, HTTP_REQUEST),
        *(EXTENSION_STATE, TELEMETRY_SUBSCRIPTION, LOGS_SUBSCRIPTION),
    )
)


class LogPrinter:
    """Writes to `stream`. `quiet` leaves out purely informational lines.

    `functions` are the names of those that share the log: if there are several, each line begins
    with the name of its function.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        as_json: bool = False,
        quiet: bool = False,
        functions: Sequence[str] = (),
    ) -> None:
        self._stream = stream
        self._named = len(functions) > 1
        self._name_width = max(map(len, functions), default=0)
        self.as_json = as_json
        self._quiet = quiet
        self._running: set[str] = set()
        self._terminal = not as_json and stream.isatty()
        self._coloured = (
            self._terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )

    def show(self, event: LogEvent) -> None:
        """Write an entry."""
        kind = event.type
        if kind == START:
            self._running.add(event.request_id)
        elif kind == REPORT:
            self._running.discard(event.request_id)
        if self._quiet and kind in _INFORMATION:
            return
        if not event.in_text and (self._quiet or not self.as_json):
            return
        if self.as_json:
            text = _json_of(event, self._named)
        else:
            text = text_of(event)
            if kind == FUNCTION and len(self._running) > 1:
                text = _marked(text, event.request_id)
            if self._named and event.function:
                mark = f"{event.function:<{self._name_width}} | "
                text = mark + text.replace("\n", "\n" + mark)
            if self._terminal and kind == FUNCTION:
                text = _CONTROLS.sub(_shown, text)
            colour = self._colour(event) if self._coloured else ""
            if colour:
                text = f"{colour}{text}{_RESET}"
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._quiet = True  # nobody reads the log any more; the functions continue

    def _colour(self, event: LogEvent) -> str:
        if event.type in _INFORMATION:
            return _DIM
        if event.type not in (FUNCTION, EXTENSION) or event.level >= ERROR:
            return _RED
        return _YELLOW if event.level == WARNING else ""


Console = LogPrinter
"""Its name in earlier versions."""


def _json_of(event: LogEvent, named: bool) -> str:
    entry = {"time": timestamp(), "type": event.type, "record": event.record}
    if event.request_id and event.type == FUNCTION:
        entry["requestId"] = event.request_id
    if named and event.function:
        entry["function"] = event.function
    return json.dumps(entry, ensure_ascii=False)


def _marked(text: str, request_id: str) -> str:
    """Return output in which each line names its invoke, if it belongs to one."""
    mark = f"[{request_id[:8]}] " if request_id else ""
    return mark + text.replace("\n", "\n" + mark)


def _shown(control: re.Match[str]) -> str:
    """Return a control character as text; only a colour is let through to the terminal."""
    text = control[0]
    return text if len(text) > 1 else f"\\x{ord(text):02x}"
