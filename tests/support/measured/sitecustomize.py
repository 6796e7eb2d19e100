"""Runs first in each process that a coverage run follows, so that none ends before it has saved.

Tests kill what they have started, which loses what coverage.py has seen. So a kill is preceded by
a signal at which the process saves and ends. And as SIGTERM ends a process by default, without a
word to Python, its default action is here one that saves first; the process sees no difference.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import coverage

SAVE_AND_END = signal.SIGRTMAX


def _save() -> None:
    measurement = coverage.Coverage.current()
    if measurement is not None:
        measurement.stop()
        measurement.save()


def _save_and_end(*_: object) -> None:
    _save()
    os.kill(os.getpid(), signal.SIGKILL)


def _save_and_terminate(*_: object) -> None:
    _save()
    _signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


_signal = signal.signal
_getsignal = signal.getsignal


def _set_handler(number: int, handler: Any) -> Any:
    if number == signal.SIGTERM and handler == signal.SIG_DFL:
        handler = _save_and_terminate
    return _as_seen(_signal(number, handler))


def _as_seen(handler: Callable[..., object] | int | None) -> Any:
    return signal.SIG_DFL if handler is _save_and_terminate else handler


signal.signal = _set_handler  # type: ignore[assignment]  # of wider types
signal.getsignal = lambda number: _as_seen(_getsignal(number))  # type: ignore[assignment]
_signal(SAVE_AND_END, _save_and_end)
_signal(signal.SIGTERM, _save_and_terminate)
