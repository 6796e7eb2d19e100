"""All rules together: what makes Lambda refuse an image, or its function fail to start."""

from __future__ import annotations

from dataclasses import dataclass

from lambda_ric.deploy.archive import Archive
from lambda_ric.deploy.file_rules import c_library, check_c_library, check_readable, check_size
from lambda_ric.deploy.filesystem import FileTree, read_file_tree
from lambda_ric.deploy.finding import Finding
from lambda_ric.deploy.image import Image, read_tagged
from lambda_ric.deploy.manifest_rules import ARCHITECTURES, check_manifest, check_platform
from lambda_ric.deploy.start_rules import application_folders, check_start


@dataclass(frozen=True)
class Report:
    """The examined image, its files, and the findings."""

    reference: str
    image: Image
    tree: FileTree
    findings: list[Finding]


def check_image(
    archive: Archive,
    *,
    reference: str | None = None,
    architecture: str | None = None,
    handler: str | None = None,
) -> Report:
    """Apply every rule to one image of the archive. Raises ArchiveError if it cannot be read.

    `architecture` is the function's (x86_64 or arm64); `handler` is what its ImageConfig.Command
    names. Of an index, the image of that architecture is examined, otherwise the first.
    """
    tagged = read_tagged(archive, reference)
    image = _choose(tagged.images, architecture)
    tree = read_file_tree(archive, image.layers)
    folders = application_folders(image, tree)
    findings = [
        *check_manifest(tagged),
        *check_platform(image, architecture),
        *check_size(tree),
        *check_start(image, tree, handler),
        *check_readable(tree, folders),
        *check_c_library(tree, folders, c_library(tree)),
    ]
    return Report(tagged.reference, image, tree, findings)


def _choose(images: list[Image], architecture: str | None) -> Image:
    matching = (image for image in images if ARCHITECTURES.get(image.architecture) == architecture)
    return next(matching, images[0])
