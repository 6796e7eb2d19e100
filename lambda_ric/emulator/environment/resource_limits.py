"""The limits that Linux keeps for the processes of an environment, as far as they are Lambda's.

Source: recordings of the real service. Two of its limits are left out. That on processes counts
all processes of a user, and a developer has others; that on core dumps would leave large files.
"""

from __future__ import annotations

import sys
from contextlib import suppress

if sys.platform == "linux":
    import resource

_UNLIMITED = -1

LIMITS = {
    "RLIMIT_NOFILE": (1_024, 1_024),
    "RLIMIT_MEMLOCK": (65_536, 65_536),
    "RLIMIT_STACK": (8_388_608, _UNLIMITED),
}
"""Soft and hard limits: open files, locked memory in bytes, the stack in bytes."""


def set_limits(pid: int) -> None:
    """Set the limits of a process that has just started; none is raised."""
    if sys.platform != "linux":
        return
    for name, (soft, hard) in LIMITS.items():
        kind = getattr(resource, name)
        with suppress(OSError):  # it has ended already, or is not ours to limit
            _, given = resource.prlimit(pid, kind)
            hard = _lower(hard, given)
            resource.prlimit(pid, kind, (_lower(soft, hard), hard))


def _lower(limit: int, other: int) -> int:
    """Return the lower of two limits."""
    return max(limit, other) if _UNLIMITED in (limit, other) else min(limit, other)
