"""What the figures were taken on: without it they mean little."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.environments import ROOT
from benchmarks.peers import Peer, python_of


def describe() -> dict[str, str]:
    """Return what is known of the machine, the Python and the state of the source."""
    return {
        "date": date.today().isoformat(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release().split('-')[0]}, {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "commit": _commit(),
    }


def versions(peers: Sequence[Peer]) -> dict[str, str]:
    """Return the version of each peer that has one."""
    return {peer.name: peer.version(python_of(peer)) for peer in peers if peer.version}


def load() -> str:
    """Return how many processes ran or wanted to on the mean of 1, 5 and 15 minutes."""
    return " ".join(f"{load:.2f}" for load in os.getloadavg())


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _commit() -> str:
    command = ("git", "-C", str(ROOT), "describe", "--always", "--dirty")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
