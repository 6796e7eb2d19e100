"""An image as Lambda would get it: the manifest behind a tag, its configuration, its layers.

Reads the two layouts in which tools write an image to disk: docker-archive (`manifest.json`, what
`docker save` writes) and OCI (`oci-layout` and `index.json`; newer `docker save` writes both). The
formats are those of the OCI image specification and of Docker's image specification 1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lambda_ric.deploy.archive import Archive, ArchiveError, read_json

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_REFERENCE_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


@dataclass(frozen=True)
class Layer:
    """One layer: the name of its tar in the archive, and its media type."""

    name: str
    media_type: str


@dataclass(frozen=True)
class Image:
    """One manifest with the settings that Lambda honours: those of `docker inspect`'s Config."""

    media_type: str
    operating_system: str
    architecture: str
    entry_point: list[str]
    command: list[str]
    working_directory: str
    environment: dict[str, str]
    layers: list[Layer]


@dataclass(frozen=True)
class Tagged:
    """The content that a push would put behind the tag: one image, or an index of manifests.

    `absent` are the platforms that the index lists, and that were not fetched into the archive.
    """

    reference: str
    index_type: str | None
    images: list[Image]
    attestations: int
    absent: tuple[str, ...] = ()


def read_tagged(archive: Archive, reference: str | None = None) -> Tagged:
    """Read the content behind a tag. Raises ArchiveError if it is ambiguous or not readable.

    Without a reference the archive must hold one image. An index of several platforms counts as
    one image, because a push would send all of it.
    """
    try:
        if archive.size("index.json") is not None:
            return _from_oci_layout(archive, reference)
        if archive.size("manifest.json") is not None:
            return _from_docker_archive(archive, reference)
    except (KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"the image's description is incomplete ({error!r})") from error
    raise ArchiveError("neither index.json (OCI) nor manifest.json (docker-archive) is in it")


def _from_docker_archive(archive: Archive, reference: str | None) -> Tagged:
    entries = read_json(archive, "manifest.json")
    named = [(", ".join(entry.get("RepoTags") or []), entry) for entry in entries]
    found = [(name, entry) for name, entry in named if reference is None or reference in name]
    name, entry = _the_only_one(found, [name for name, _ in named])
    layers = [
        Layer(layer, "application/vnd.docker.image.rootfs.diff.tar") for layer in entry["Layers"]
    ]
    config = read_json(archive, entry["Config"])
    return Tagged(name, None, [_image(DOCKER_MANIFEST, config, layers)], 0)


def _from_oci_layout(archive: Archive, reference: str | None) -> Tagged:
    named: dict[str, list[dict[str, Any]]] = {}
    for descriptor in read_json(archive, "index.json")["manifests"]:
        named.setdefault(_name(descriptor), []).append(descriptor)
    found = [entry for entry in named.items() if reference is None or reference in entry[0]]
    name, descriptors = _the_only_one(found, list(named))
    index_type = INDEX_TYPES[0] if len(descriptors) > 1 else None
    leaves = []
    for descriptor in descriptors:
        if descriptor["mediaType"] in INDEX_TYPES:
            index_type = descriptor["mediaType"]
            leaves += read_json(archive, _blob(descriptor))["manifests"]
        else:
            leaves.append(descriptor)
    manifests = [leaf for leaf in leaves if not _is_attestation(leaf)]
    present = [leaf for leaf in manifests if archive.size(_blob(leaf)) is not None]
    absent = tuple(_platform(leaf) for leaf in manifests if leaf not in present)
    images = [_read_manifest(archive, leaf) for leaf in present]
    if not images:
        raise ArchiveError("it describes an image but does not contain it")
    return Tagged(name, index_type, images, len(leaves) - len(manifests), absent)


def _the_only_one(found: list[tuple[str, Any]], names: list[str]) -> tuple[str, Any]:
    if len(found) == 1:
        return found[0]
    listed = "; ".join(name or "(without a name)" for name in names) or "none"
    raise ArchiveError(f"name one image with --image; it holds: {listed}")


def _name(descriptor: dict[str, Any]) -> str:
    annotations = descriptor.get("annotations") or {}
    return next((annotations[key] for key in _REFERENCE_NAMES if key in annotations), "")


def _is_attestation(descriptor: dict[str, Any]) -> bool:
    """BuildKit lists provenance and SBOMs as manifests for a platform that does not exist."""
    if "vnd.docker.reference.type" in (descriptor.get("annotations") or {}):
        return True
    return (descriptor.get("platform") or {}).get("os") == "unknown"


def _platform(descriptor: dict[str, Any]) -> str:
    platform = descriptor.get("platform") or {}
    return f"{platform.get('os', 'unknown')}/{platform.get('architecture', 'unknown')}"


def _blob(descriptor: dict[str, Any]) -> str:
    return f"blobs/{descriptor['digest'].replace(':', '/', 1)}"


def _read_manifest(archive: Archive, descriptor: dict[str, Any]) -> Image:
    manifest = read_json(archive, _blob(descriptor))
    layers = [Layer(_blob(layer), layer["mediaType"]) for layer in manifest["layers"]]
    for layer, described in zip(layers, manifest["layers"], strict=True):
        if archive.size(layer.name) != described["size"]:
            raise ArchiveError(f"{layer.name} should be {described['size']} bytes long but is not")
    config = read_json(archive, _blob(manifest["config"]))
    return _image(manifest.get("mediaType") or descriptor["mediaType"], config, layers)


def _image(media_type: str, config: dict[str, Any], layers: list[Layer]) -> Image:
    settings = config.get("config") or {}
    return Image(
        media_type=media_type,
        operating_system=config.get("os", ""),
        architecture=config.get("architecture", ""),
        entry_point=settings.get("Entrypoint") or [],
        command=settings.get("Cmd") or [],
        working_directory=settings.get("WorkingDir") or "/",
        environment={
            name: value
            for name, _, value in (line.partition("=") for line in settings.get("Env") or [])
        },
        layers=layers,
    )
