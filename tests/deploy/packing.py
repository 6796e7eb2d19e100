"""Writes image archives by hand, good and bad, in both layouts."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
ATTESTATION = {"vnd.docker.reference.type": "attestation-manifest"}


@dataclass(frozen=True)
class Put:
    """One member of a layer: a file unless `link` or `folder` says otherwise."""

    content: bytes = b""
    mode: int = 0o644
    user: int = 0
    group: int = 0
    link: str = ""
    folder: bool = False


PROGRAM = Put(b"#!/bin/sh\n", 0o755)

GOOD = {
    "usr/local/bin/python3.13": PROGRAM,
    "function/app.py": Put(b"def handler(event, context): ...\n"),
    "usr/local/lib/python3.13/site-packages/lambda_ric/__init__.py": Put(),
}
"""A layer with which the settings below start."""

SETTINGS = {
    "Entrypoint": ["/usr/local/bin/python3.13", "-m", "lambda_ric"],
    "Cmd": ["app.handler"],
    "WorkingDir": "/function",
    "Env": ["PATH=/usr/local/bin:/usr/bin"],
}


@dataclass
class Recipe:
    """What goes into an archive; the defaults are an image that Lambda takes."""

    layers: list[dict[str, Put]] = field(default_factory=lambda: [GOOD])
    settings: dict[str, Any] = field(default_factory=lambda: dict(SETTINGS))
    architecture: str = "amd64"
    system: str = "linux"

    @property
    def config(self) -> bytes:
        return json.dumps(
            {"architecture": self.architecture, "os": self.system, "config": self.settings}
        ).encode()


def layer(members: dict[str, Put]) -> bytes:
    """An uncompressed tar of these members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, put in members.items():
            info = tarfile.TarInfo(name)
            info.mode, info.uid, info.gid, info.size = put.mode, put.user, put.group, 0
            if put.folder:
                info.type = tarfile.DIRTYPE
            elif put.link:
                info.type, info.linkname = tarfile.SYMTYPE, put.link
            else:
                info.size = len(put.content)
            tar.addfile(info, io.BytesIO(put.content))
    return out.getvalue()


def docker_archive(path: Path, recipe: Recipe, *tags: str) -> Path:
    """What `docker save` wrote before it knew OCI."""
    entries = [
        {
            "Config": "config.json",
            "RepoTags": [tag],
            "Layers": [f"{number}/layer.tar" for number in range(len(recipe.layers))],
        }
        for tag in tags or ("fn:v1",)
    ]
    files = {"manifest.json": json.dumps(entries).encode(), "config.json": recipe.config}
    for number, members in enumerate(recipe.layers):
        files[f"{number}/layer.tar"] = layer(members)
    with tarfile.open(path, "w") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


class OciLayout:
    """An OCI layout in a directory, filled piece by piece."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "blobs/sha256").mkdir(parents=True)
        (root / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')

    def blob(self, data: bytes, media_type: str, **more: Any) -> dict[str, Any]:
        """Store bytes, and return their descriptor."""
        digest = hashlib.sha256(data).hexdigest()
        (self.root / "blobs/sha256" / digest).write_bytes(data)
        return {
            "mediaType": media_type,
            "digest": f"sha256:{digest}",
            "size": len(data),
            **more,
        }

    def manifest(self, recipe: Recipe, layer_type: str = OCI_LAYER, **more: Any) -> dict[str, Any]:
        """Store an image, and return its manifest's descriptor."""
        config = self.blob(recipe.config, "application/vnd.oci.image.config.v1+json")
        layers = [self.blob(gzip.compress(layer(it)), layer_type) for it in recipe.layers]
        manifest = {"mediaType": OCI_MANIFEST, "config": config, "layers": layers}
        return self.blob(json.dumps(manifest).encode(), OCI_MANIFEST, **more)

    def attestation(self) -> dict[str, Any]:
        """Store what BuildKit lists beside an image, and return its descriptor."""
        platform = {"architecture": "unknown", "os": "unknown"}
        return self.blob(b"{}", OCI_MANIFEST, platform=platform, annotations=ATTESTATION)

    def index(self, descriptors: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """Store an index, and return its descriptor."""
        body = json.dumps({"mediaType": OCI_INDEX, "manifests": descriptors}).encode()
        return self.blob(body, OCI_INDEX, **more)

    def close(self, *descriptors: dict[str, Any]) -> Path:
        """Write the layout's own index, and return its directory."""
        (self.root / "index.json").write_text(json.dumps({"manifests": descriptors}))
        return self.root

    def tar(self, path: Path) -> Path:
        """Pack the layout into one file."""
        with tarfile.open(path, "w") as tar:
            tar.add(self.root, arcname=".")
        return path
