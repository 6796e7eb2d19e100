"""Captures a handler's output: prints and log records, as they would be in Lambda's log."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

from lambda_ric.ondemand.logs import configure
from lambda_ric.runtime.log_sink import LogSink
from lambda_ric.runtime.loop import Current
from lambda_ric.runtime.settings import Settings
from lambda_ric.wire.log_frames import TEXT

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class ReadableSink(LogSink):
    """Writes an error report in lines, as CloudWatch shows it.

    On its way there the lines are joined by carriage returns, and indented by spaces that cannot
    be trimmed. A terminal would print all of them over each other.
    """

    line_break = "\n"

    def write_error(self, text: str, format: int) -> None:
        """Write an error report."""
        super().write_error(text.replace(_NO_BREAK_SPACE, " ") if format == TEXT else text, format)


@contextmanager
def captured_log(settings: Settings, sink: LogSink, current: Current) -> Iterator[io.StringIO]:
    """Collect the output to stdout, stderr and `logging`, and pass it on to its usual place.

    Meanwhile log records have Lambda's format; afterwards `logging` is restored. Records of logging
    handlers that were made before, such as those of Powertools, are collected too.
    """
    text = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    # It is a function, so it would become a method of an instance.
    converter = vars(logging.Formatter)["converter"]
    out, err = cast(TextIO, _Both(text, sys.stdout)), cast(TextIO, _Both(text, sys.stderr))
    with redirect_stdout(out), redirect_stderr(err), _earlier_handlers_write_to(text):
        configure(settings, sink, current)
        added = [handler for handler in root.handlers if handler not in handlers]
        for handler in added:
            _leave_to_powertools(handler)
        try:
            yield text
        finally:
            logging.Formatter.converter = converter
            root.setLevel(level)
            for handler in [handler for handler in root.handlers if handler not in handlers]:
                root.removeHandler(handler)


@contextmanager
def _earlier_handlers_write_to(text: io.StringIO) -> Iterator[None]:
    """Let logging handlers that hold a standard stream from before write to a text as well."""
    changed = [
        (handler, handler.stream)
        for logger in _loggers()
        for handler in logger.handlers
        if type(handler) is logging.StreamHandler and _is_standard_stream(handler.stream)
    ]
    for handler, stream in changed:
        handler.stream = _Both(text, stream)
    try:
        yield
    finally:
        for handler, stream in changed:
            handler.stream = stream


def _loggers() -> list[logging.Logger]:
    known = list(logging.root.manager.loggerDict.values())
    return [logging.root, *(logger for logger in known if isinstance(logger, logging.Logger))]


def _is_standard_stream(stream: object) -> bool:
    """Tell whether a stream is standard output or error, of this process or of its test runner.

    A test runner puts streams of its own in their place, each time other ones. What is no standard
    stream is a text in memory, or a file with a path.
    """
    name = getattr(stream, "name", None)
    in_memory = isinstance(stream, io.StringIO)
    return not in_memory and not (isinstance(name, str) and os.path.exists(name))


def _leave_to_powertools(handler: logging.Handler) -> None:
    """Let a handler pass over the records of Powertools' loggers, which have a handler each.

    Powertools adds this filter to the handlers that are there when a logger is made. In Lambda the
    root handler is; here it has come only now.
    """
    filters = sys.modules.get("aws_lambda_powertools.logging.filters")
    if filters is None or os.environ.get("POWERTOOLS_LOG_DEDUPLICATION_DISABLED"):
        return
    for logger in _loggers():
        if getattr(logger, "init", False) is True:  # how Powertools marks the loggers it has set up
            handler.addFilter(filters.SuppressFilter(logger.name))


class _Both:
    """Writes to the collected text and to the original stream.

    Everything else, such as its encoding, is that of the original stream.
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
