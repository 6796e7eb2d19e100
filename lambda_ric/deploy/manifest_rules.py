"""Lambda's requirements for a tag's manifest: one image, one platform, known media types."""

from __future__ import annotations

from collections.abc import Iterator

from lambda_ric.deploy.finding import Finding, error
from lambda_ric.deploy.image import DOCKER_MANIFEST, Image, Tagged

ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
"""The names of the two processor architectures, in image configurations and in Lambda."""

_OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_LAYER_TYPES = (
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.oci.image.layer.v1.tar",
)
_REFUSAL = (
    "Lambda would say: The image manifest, config or layer media type for the source image … is "
    "not supported."
)


def check_manifest(tagged: Tagged) -> Iterator[Finding]:
    """Look for an index instead of one manifest, and for media types that Lambda refuses."""
    platforms = sorted(
        {f"{image.operating_system}/{image.architecture}" for image in tagged.images}
    )
    if tagged.attestations:
        yield error(
            f"the tag names an index with attestations, which BuildKit adds unasked. {_REFUSAL}",
            "build with --provenance=false --sbom=false, or set BUILDX_NO_DEFAULT_ATTESTATIONS=1",
        )
    if len(platforms) > 1:
        yield error(
            f"the tag names an index of several platforms, {' and '.join(platforms)}. {_REFUSAL}",
            "build and push one tag for each architecture (--platform linux/amd64 or linux/arm64)",
        )
    elif tagged.index_type and not tagged.attestations:
        yield error(
            f"the tag names an index ({tagged.index_type}), not an image. {_REFUSAL}",
            "push the image that the index lists, under a tag of its own",
        )
    for image in tagged.images:
        yield from check_media_types(image)


def check_platform(image: Image, architecture: str | None) -> Iterator[Finding]:
    """Compare the image's platform with the function's (x86_64 or arm64; None if not known)."""
    built_for = f"{image.operating_system}/{image.architecture}"
    known = ARCHITECTURES.get(image.architecture)
    if image.operating_system != "linux" or known is None:
        yield error(
            f"the image is built for {built_for}; Lambda runs linux/amd64 and linux/arm64",
            "build with --platform linux/amd64 (x86_64) or --platform linux/arm64",
        )
    elif architecture and architecture != known:
        yield error(
            f"the image is built for {built_for}, the function is {architecture}: it would end "
            "with Runtime.InvalidEntrypoint or 'exec format error'",
            f"build with the other --platform, or create the function with --architectures {known}",
        )


def check_media_types(image: Image) -> Iterator[Finding]:
    """Look for media types of the manifest and the layers that Lambda refuses."""
    if image.media_type not in (DOCKER_MANIFEST, _OCI_MANIFEST):
        yield error(
            f"the manifest is of type {image.media_type}. {_REFUSAL}",
            "build it as a Docker image manifest V2 schema 2, or an OCI image manifest",
        )
    for layer in image.layers:
        if not layer.media_type.startswith(_LAYER_TYPES):
            yield error(
                f"a layer is of type {layer.media_type}. {_REFUSAL}",
                "build from base images whose layers may be distributed",
            )
