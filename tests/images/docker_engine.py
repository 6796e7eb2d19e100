"""A Docker Engine of today for one test session, without systemd, on a socket of its own.

It runs in a root folder with Debian's packages, in its own mount namespace. Its containers reach
the machine, which SAM needs, and nothing beyond: no address translation, no packet filter rules.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.images.workshop import CACHE, FRUGAL, buildah, debian_mirror, run

_SYSTEM = CACHE / "docker-engine"
_SUITE = "forky"  # has Docker 28, whose builder attaches attestations
_PACKAGES = "docker.io,docker-cli,docker-buildx,containerd,runc,iptables,ca-certificates"
_MOUNTED = "/session"
_START = """
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
mount -t proc proc "$0/proc"
mount --rbind /sys "$0/sys"
mount --rbind /dev "$0/dev"
mount -t tmpfs tmpfs "$0/run"
mount --bind "$1" "$0/session"
exec chroot "$0" /usr/sbin/dockerd "${@:2}"
"""
_BRIDGE = "172.31.250.1/24"
_READY_WITHIN = 120.0


class DockerEngine:
    """A running engine; what it shall read or write lies in its `folder`."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self._process = process

    @property
    def address(self) -> str:
        """The value for DOCKER_HOST."""
        return f"unix://{self.folder}/docker.sock"

    def docker(self, *arguments: str | Path) -> str:
        """Run the engine's own docker command; paths in the folder are translated."""
        inside = [str(it).replace(str(self.folder), _MOUNTED) for it in arguments]
        enter = ["nsenter", "--target", str(self._process.pid), "--mount", "--root", "--wd=/"]
        return run([*enter, "docker", "-H", f"unix://{_MOUNTED}/docker.sock", *inside])

    def load(self, image: str, name: str) -> None:
        """Bring an image from the workshop into the engine."""
        archive = self.folder / "image.tar"
        buildah("push", "-q", image, f"docker-archive:{archive}:{name}")
        self.docker("load", "-q", "-i", archive)
        archive.unlink()

    def wait_until_ready(self) -> None:
        """Ask for the version until there is an answer: nothing else tells."""
        deadline = time.monotonic() + _READY_WITHIN
        while True:
            assert self._process.poll() is None, self._log()
            try:
                self.docker("version")
            except AssertionError:
                assert time.monotonic() < deadline, self._log()
                time.sleep(0.2)
            else:
                return

    def _log(self) -> str:
        return (self.folder / "log").read_text()


@contextmanager
def docker_engine(folder: Path) -> Iterator[DockerEngine]:
    """Start an engine, and stop it with all that it started."""
    if not _SYSTEM.exists():
        _make_system()
    options = [
        *("--host", f"unix://{_MOUNTED}/docker.sock", "--pidfile", f"{_MOUNTED}/pid"),
        *("--data-root", f"{_MOUNTED}/data", "--feature", "containerd-snapshotter=true"),
        *("--bip", _BRIDGE, "--ip-masq=false", "--ip-forward=false"),
        *("--iptables=false", "--ip6tables=false"),
        *("--exec-opt", "native.cgroupdriver=cgroupfs"),
    ]
    start = ["unshare", "--mount", "bash", "-c", _START, str(_SYSTEM), str(folder)]
    command = ["env", *FRUGAL, *start, *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        engine = DockerEngine(folder, process)
        engine.wait_until_ready()
        yield engine
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        subprocess.run(["ip", "link", "delete", "docker0"], capture_output=True, check=False)


def _make_system() -> None:
    partial = _SYSTEM.with_suffix(".part")
    source = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
    run(
        [
            *("mmdebstrap", "-q", "--variant=minbase", f"--include={_PACKAGES}"),
            *("--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*"),
            *("--dpkgopt=force-unsafe-io", "--aptopt=APT::Install-Recommends false"),
            *("--aptopt=Acquire::Check-Valid-Until false", "--format=directory"),
            *(_SUITE, str(partial), f"{source} {debian_mirror()} {_SUITE} main"),
        ]
    )
    (partial / "session").mkdir()
    partial.rename(_SYSTEM)
