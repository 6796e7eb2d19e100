"""Fewer processors than there are, as Lambda gives them to functions with little memory (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PERIOD = 20_000
"""Microseconds within which the part is given: what is used up must wait for the next."""

_OLD = Path("/sys/fs/cgroup/cpu")
_NEW = Path("/sys/fs/cgroup")
_ENTER = 'echo $$ > "$0" && exec "$@"'


@contextmanager
def part_of_a_processor(part: float) -> Iterator[tuple[str, ...]]:
    """Yield the command that runs another with a part of a processor.

    It is given by a control group, which only root can make.
    """
    quota = int(PERIOD * part)
    name = f"benchmark-{os.getpid()}"
    if (_NEW / "cgroup.controllers").exists():
        group, limits = _NEW / name, {"cpu.max": f"{quota} {PERIOD}"}
    else:
        group = _OLD / name
        limits = {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": str(quota)}
    group.mkdir()
    try:
        for file, limit in limits.items():
            (group / file).write_text(limit)
        yield ("/bin/sh", "-c", _ENTER, str(group / "cgroup.procs"))
    finally:
        group.rmdir()


@contextmanager
def one_processor() -> Iterator[None]:
    """Keep this process and those that it starts meanwhile on one processor."""
    everything = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(everything)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, everything)
