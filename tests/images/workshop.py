"""Where images are built and run without a registry or a daemon: buildah and podman, as root.

The flags are those that work in a container that lacks CAP_SYS_RESOURCE, too. Everything lives in
one cache folder outside the tree; `scripts/image-tests` fills it and installs the programs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.support.paths import ROOT

CACHE = Path(os.environ.get("LAMBDA_RIC_CACHE", os.devnull))
TOOLS = CACHE / "tools/bin"
PACKAGES = CACHE / "dnf"
"""What the stand-in for dnf installs from; written with the stand-ins."""
PYTHON_VERSION = "3.13"
PROGRAMS = ("buildah", "podman", "runc", "mmdebstrap", "busybox", "nsenter", "ip")

STORAGE = (
    *("--root", str(CACHE / "storage")),
    *("--runroot", str(CACHE / "runroot")),
    *("--storage-driver", "overlay"),
)
FRUGAL = ("GOMAXPROCS=1", "GOGC=400")
"""What makes a program in Go take less of the processors, though more memory and time."""

PODMAN = ("podman", *STORAGE, "--cgroup-manager", "cgroupfs", "--runtime", "runc")
LIMIT = 600.0
"""Seconds after which a command hangs, however loaded the machine is."""


def missing() -> str:
    """What this machine lacks for the image tests; an empty text if it lacks nothing."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "root on Linux"
    absent = [program for program in PROGRAMS if not shutil.which(program)]
    if not (TOOLS / "sam").exists():
        absent.append(f"the tools in {TOOLS}")
    return ", ".join(absent)


def buildah(*arguments: str | Path) -> str:
    """Run buildah on the cache's storage, and return what it prints."""
    return run(["env", *FRUGAL, "buildah", *STORAGE, *arguments])


def tidy() -> None:
    """Remove what builds leave behind, but for what another session uses.

    That is images that newer ones have replaced, and the mounted containers of stages that consist
    of a FROM line alone, which buildah 1.28 forgets.
    """
    containers = buildah("containers", "--format", "{{.ContainerName}}").split()
    forgotten = [name for name in containers if name.startswith("uv-working-container")]
    if forgotten:
        buildah("rm", *forgotten)
    prune = ["buildah", *STORAGE, "rmi", "--prune"]
    subprocess.run(prune, capture_output=True, check=False, timeout=LIMIT)


def podman(*arguments: str | Path) -> str:
    """Run podman on the cache's storage, and return what it prints."""
    return run([*PODMAN, *arguments])


def run(command: Sequence[str | Path]) -> str:
    """Run a command to its end; what it printed is in the error if it fails."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=LIMIT
    )
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def debian_mirror() -> str:
    """The mirror that this machine's own packages come from."""
    indexes = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    return next(line for line in run(indexes).splitlines() if line.endswith("/debian/"))


def install(target: Path, *packages: str) -> None:
    """Install packages of the index into a folder, for the Python of the images."""
    wanted = ("--python-version", PYTHON_VERSION, "--only-binary", ":all:", "--target", target)
    run([TOOLS / "uv", "pip", "install", "-q", "--native-tls", *wanted, *packages])


def build_wheel(folder: Path) -> Path:
    """Build the project's wheel from the checkout, as a release would."""
    with tempfile.TemporaryDirectory() as source:
        # A copy, because a build writes into its source.
        for name in ("lambda_ric", "pyproject.toml", "README.md", "LICENSE"):
            path = ROOT / name
            if path.is_dir():
                ignore = shutil.ignore_patterns("__pycache__")
                shutil.copytree(path, Path(source) / name, ignore=ignore)
            elif path.exists():
                shutil.copy(path, source)
        run([TOOLS / "uv", "build", "-q", "--native-tls", "--wheel", "-o", folder, source])
    (wheel,) = folder.glob("lambda_ric-*.whl")
    return wheel


class Shelf:
    """A folder of wheels that `pip install` and `uv pip install` in a build take packages from.

    It is mounted over the files in which both look for their settings, so that a Dockerfile
    builds as it stands, without an index.
    """

    def __init__(self, folder: Path) -> None:
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        self._pip = folder / "pip.conf"
        self._pip.write_text("[global]\nno-index = true\nfind-links = /wheels\n")
        self._uv = folder / "uv.toml"
        self._uv.write_text('no-index = true\nfind-links = ["/wheels"]\n')

    @property
    def mounts(self) -> list[str]:
        """The options for buildah."""
        return [
            *("-v", f"{self.wheels}:/wheels:ro"),
            *("-v", f"{PACKAGES}:/dnf:ro"),
            *("-v", f"{self._pip}:/etc/pip.conf:ro"),
            *("-v", f"{self._uv}:/etc/uv/uv.toml:ro"),
        ]


def build(name: str, dockerfile: Path, context: Path, *options: str) -> str:
    """Build an image from a Dockerfile, and return its name."""
    buildah(
        "build",
        *("--isolation", "chroot", "--pull=never", "--format", "docker", "--layers=false"),
        *options,
        *("-t", name, "-f", str(dockerfile), str(context)),
    )
    return name
