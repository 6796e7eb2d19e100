"""Shows the log: to a person, coloured on a terminal, or to a machine, one JSON object a line.

Every line is written whole, in one call, so that the output of environments that run at the same
time never mixes within a line. Where it could mix between lines, each tells its invocation.
"""

from __future__ import annotations

import json
import os
from typing import TextIO

from lambda_ric.emulator.log.platform_events import LogEvent, timestamp
from lambda_ric.wire.log_frames import ERROR, WARNING

_DIM, _RED, _YELLOW, _RESET = "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[0m"


class Console:
    """Writes to `stream`. `quiet` leaves out what is only for information."""

    def __init__(self, stream: TextIO, *, as_json: bool = False, quiet: bool = False) -> None:
        self._stream = stream
        self._as_json = as_json
        self._quiet = quiet
        self._coloured = (
            not as_json
            and stream.isatty()
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb"
        )

    def show(self, line: LogEvent, prefixed: bool = False) -> None:
        """Write an entry; `prefixed` when entries of other invocations may stand between."""
        if self._quiet and line.kind in _INFORMATION:
            return
        text = self._event(line) if self._as_json else self._text(line, prefixed)
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._quiet = True  # nobody reads any more; the functions go on

    def _event(self, line: LogEvent) -> str:
        event = {"time": timestamp(), "type": line.kind, "record": line.record or line.text}
        if line.request_id and line.kind == "function":
            event["requestId"] = line.request_id
        return json.dumps(event, ensure_ascii=False)

    def _text(self, line: LogEvent, prefixed: bool) -> str:
        text = line.text
        if prefixed and line.kind == "function" and line.request_id:
            mark = f"[{line.request_id[:8]}] "
            text = mark + text.replace("\n", "\n" + mark)
        colour = self._colour(line) if self._coloured else ""
        return f"{colour}{text}{_RESET}" if colour else text

    def _colour(self, line: LogEvent) -> str:
        if line.kind in _INFORMATION:
            return _DIM
        if line.kind != "function" or line.level >= ERROR:
            return _RED
        return _YELLOW if line.level == WARNING else ""


_INFORMATION = frozenset(("platform.start", "platform.end", "platform.report", "platform.notice"))
