"""Builds the stand-ins for public base images, once, into the cache."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from tests.images.workshop import (
    CACHE,
    PACKAGES,
    PYTHON_VERSION,
    TOOLS,
    build,
    buildah,
    debian_mirror,
    run,
)

_HERE = Path(__file__).with_name("standins")
_ROOTFS = CACHE / "rootfs.tar"
_SUITE = "trixie"  # Debian 13, whose Python is PYTHON_VERSION

_PYTHON = "public.ecr.aws/docker/library/python"
SLIM = f"{_PYTHON}:{PYTHON_VERSION}-slim"
_NAMES = {
    "debian": ["localhost/standin/debian:latest"],
    "python": ["localhost/standin/python:latest"],
    "slim": [SLIM, f"{_PYTHON}:{PYTHON_VERSION}"],
    "alpine": [f"{_PYTHON}:{PYTHON_VERSION}-alpine"],
    "distroless": ["gcr.io/distroless/python3-debian13:nonroot"],
    "uv": ["ghcr.io/astral-sh/uv:0.13"],
    "provided": ["public.ecr.aws/lambda/provided:al2023"],
    "lambda-python": [f"public.ecr.aws/lambda/python:{PYTHON_VERSION}"],
}
"""Each stand-in, in an order in which none comes before its base, and what it is called."""

_SQUASHED = ("python", "provided")
"""Those that remove what their base has: in a layer of their own, they would carry it along."""


def build_standins() -> None:
    """Build what is not in the cache yet; all of it if what they are made from has changed."""
    CACHE.mkdir(parents=True, exist_ok=True)
    fingerprint = _fingerprint()
    done = CACHE / "standins.built"
    there = buildah("images", "--format", "{{.Name}}:{{.Tag}}").splitlines()
    whole = all(name in there for names in _NAMES.values() for name in names) and PACKAGES.exists()
    if whole and done.exists() and done.read_text() == fingerprint:
        return
    if not _ROOTFS.exists():
        _make_rootfs()
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        context = Path(folder)
        shutil.copytree(_HERE / "files", context, dirs_exist_ok=True)
        (context / _ROOTFS.name).hardlink_to(_ROOTFS)
        for source in (emulator_of_aws(), TOOLS / "uv", Path("/bin/busybox")):
            shutil.copy(source, context / source.name.removesuffix("-x86_64"))
        PACKAGES.mkdir(exist_ok=True)
        mounts = ["-v", f"{context}:/standin:ro", "-v", f"{PACKAGES}:/dnf"]
        for recipe, (first, *others) in _NAMES.items():
            options = [f"--build-arg=PYTHON_VERSION={PYTHON_VERSION}", *mounts]
            if recipe in _SQUASHED:
                options.append("--squash")
            build(first, _HERE / f"{recipe}.Containerfile", context, *options)
            for other in others:
                buildah("tag", first, other)
    done.write_text(fingerprint)


def emulator_of_aws() -> Path:
    """AWS's Runtime Interface Emulator, which SAM CLI carries in its wheel."""
    (path,) = TOOLS.parent.glob(
        "lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"
    )
    return path


def _make_rootfs() -> None:
    partial = _ROOTFS.with_suffix(".part")
    unpacked_without = ("doc", "man", "locale", "info")
    run(
        [
            *("mmdebstrap", "-q", "--variant=minbase", "--include=ca-certificates,curl"),
            *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in unpacked_without),
            *("--dpkgopt=force-unsafe-io", "--format=tar", _SUITE, str(partial), debian_mirror()),
        ]
    )
    partial.rename(_ROOTFS)


def _fingerprint() -> str:
    digest = hashlib.sha256(PYTHON_VERSION.encode())
    for path in [*sorted(_HERE.rglob("*")), Path(__file__)]:
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
