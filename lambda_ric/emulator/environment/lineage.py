"""Processes that a function has started, wherever they have gone, on Linux.

A signal to a process group misses a child that began a session of its own, such as a daemon. Two
other things lead to it: it is a descendant while its parent lives, and it inherits a variable with
a random value. Only a process that has cleared its environment variables, and whose parent has
ended, cannot be found.

Run as a program, this file is the guard: it waits until the emulator has gone, even if that was
killed, and ends everything the emulator left behind. So it imports only the standard library, and
little of that, since each emulator starts one: `signal`, with its enums, costs as much as the rest.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # the C code under signal
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "LAMBDA_RIC_PROCESS"
"""The variable by which a process and all that it has started are known."""

_ROUNDS = 20  # a process may start another one while it is being ended


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have started."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as children:
                for child in children.read().split():
                    found += [int(child), *descendants(int(child))]
    except OSError:
        pass  # it has ended
    return found


def marked(marks: set[bytes]) -> list[int]:
    """Return the living processes that carry one of these marks, each as `NAME=value`."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/environ", "rb") as variables:
                    if not marks.isdisjoint(variables.read().split(b"\0")):
                        found.append(int(name))
            except OSError:
                pass  # it has ended, or belongs to another user
    return found


def end(processes: Iterable[int]) -> None:
    """End processes at once."""
    for process in processes:
        try:
            os.kill(process, _signal.SIGKILL)
        except OSError:
            pass  # it has ended


def end_marked(marks: set[bytes]) -> set[int]:
    """End all processes that carry one of these marks, and those they start meanwhile.

    Returns the processes that were ended.
    """
    ended: set[int] = set()
    for _ in range(_ROUNDS):
        processes = marked(marks)
        if not processes:
            break
        end(processes)
        ended.update(processes)
    return ended


def _guard() -> None:
    """Read `+GROUP MARK` and `-GROUP MARK` lines until the emulator is gone, then end the rest."""
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
    watched: dict[int, bytes] = {}
    rest = b""
    while data := os.read(0, 4096):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            number, _, mark = line[1:].partition(b" ")
            if line[:1] == b"+":
                watched[int(number)] = mark
            else:
                watched.pop(int(number), None)
    for group in watched:
        try:
            os.killpg(group, _signal.SIGKILL)
        except OSError:
            pass  # it has ended
    if watched and os.path.isdir("/proc/self"):
        end_marked(set(watched.values()))


if __name__ == "__main__":
    _guard()
