"""What a handler writes while it runs: prints and log records, as Lambda's log would have them."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

from lambda_ric.ondemand.logs import configure
from lambda_ric.runtime.log_sink import LogSink
from lambda_ric.runtime.loop import Current
from lambda_ric.runtime.settings import Settings


@contextmanager
def captured_log(settings: Settings, current: Current) -> Iterator[io.StringIO]:
    """Collect what is written to stdout, stderr and `logging`, which still reach where they went.

    Log records have Lambda's format for as long as this lasts; afterwards `logging` is as it was.
    A handler that keeps a stream from before is not seen: run it in an emulator for its log.
    """
    text = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    # A function, so what an instance would call a method.
    converter = vars(logging.Formatter)["converter"]
    out, err = cast(TextIO, _Both(text, sys.stdout)), cast(TextIO, _Both(text, sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        configure(settings, LogSink(), current)
        try:
            yield text
        finally:
            logging.Formatter.converter = converter
            root.setLevel(level)
            for handler in [handler for handler in root.handlers if handler not in handlers]:
                root.removeHandler(handler)


class _Both:
    """Writes to the collected text and to the stream that stood there before.

    All else, such as its encoding, is that stream's.
    """

    def __init__(self, text: io.StringIO, stream: TextIO) -> None:
        self._text = text
        self._stream = stream

    def write(self, text: str) -> int:
        self._text.write(text)
        return self._stream.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
