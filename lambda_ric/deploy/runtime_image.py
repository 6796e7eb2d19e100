"""The rules for the image of a customer-managed runtime, which holds no function.

Source: "Building runtime images" in the AWS Lambda developer guide, as far as it says; the layout
is the one of AWS's own images. What is not certain is a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lambda_ric.deploy.archive import Archive
from lambda_ric.deploy.file_rules import c_library, check_c_library, check_readable
from lambda_ric.deploy.filesystem import EXECUTE, FileTree, read_file_tree
from lambda_ric.deploy.finding import Finding, error, warning
from lambda_ric.deploy.image import Image, Tagged, read_tagged
from lambda_ric.deploy.image_check import Report
from lambda_ric.deploy.manifest_rules import check_media_types, check_platform
from lambda_ric.deploy.start_rules import application_folders

BOOTSTRAP = "/var/runtime/bootstrap"
_CLIENTS = ("/lambda_ric/__init__.py", "/awslambdaric/__init__.py")
_ENTRIES = ([BOOTSTRAP], ["/lambda-entrypoint.sh"])


def check_runtime_image(archive: Archive, *, reference: str | None = None) -> list[Report]:
    """Apply the rules to each platform of an image. Raises ArchiveError if it cannot be read.

    What is wrong with an index as a whole is a finding of its first image.
    """
    tagged = read_tagged(archive, reference)
    reports: list[Report] = []
    of_index = list(_check_index(tagged))
    for image in tagged.images:
        tree = read_file_tree(archive, image.layers)
        folders = application_folders(image, tree)
        findings = [
            *(of_index if not reports else []),
            *check_media_types(image),
            *check_platform(image, None),
            *_check_bootstrap(tree),
            *_check_entry_point(image),
            *_check_places(tree),
            *_check_client(tree),
            *check_readable(tree, folders),
            *check_c_library(tree, folders, c_library(tree)),
        ]
        reports.append(Report(tagged.reference, image, tree, findings))
    return reports


def _check_index(tagged: Tagged) -> Iterator[Finding]:
    """Look for what a runtime's index should not list; one image for each platform is fine."""
    if tagged.attestations:
        yield warning(
            "the index lists attestations, which BuildKit adds unasked. Lambda refuses them in a "
            "function's image, and does not say what it does with them in a runtime's",
            "build with --provenance=false --sbom=false, or set BUILDX_NO_DEFAULT_ATTESTATIONS=1",
        )
    platforms = Counter(f"{image.operating_system}/{image.architecture}" for image in tagged.images)
    for platform in [platform for platform, number in platforms.items() if number > 1]:
        yield error(
            f"the index lists several images for {platform}, so nothing says which of them runs",
            "build it with one image for each platform: --platform linux/amd64,linux/arm64",
        )
    if tagged.absent:
        yield warning(
            f"not examined, because this archive does not hold them: {', '.join(tagged.absent)}",
            "save all platforms: docker buildx build --output type=oci,dest=image.tar, or skopeo "
            "copy --all",
        )


def _check_bootstrap(tree: FileTree) -> Iterator[Finding]:
    found = tree.resolve(BOOTSTRAP)
    if found is None or found[1].kind == "directory":
        yield error(
            f"the image has no program {BOOTSTRAP}, which starts the runtime",
            f"COPY --chmod=755 bootstrap {BOOTSTRAP}",
        )
    elif obstacle := tree.obstacle(found[0], EXECUTE):
        yield error(
            f"{BOOTSTRAP} cannot be run by Lambda's user, because of {obstacle}",
            f"RUN chmod a+rx {BOOTSTRAP}",
        )


def _check_entry_point(image: Image) -> Iterator[Finding]:
    if image.entry_point not in _ENTRIES:
        yield warning(
            f"the entry point is {image.entry_point}, not {BOOTSTRAP}: docker run starts "
            "something else than Lambda",
            f'write ENTRYPOINT ["{BOOTSTRAP}"]',
        )


def _check_places(tree: FileTree) -> Iterator[Finding]:
    for place, what in (("/var/task", "the function's code"), ("/opt/python", "the layers")):
        hidden = next((path for path in tree.entries if path.startswith(f"{place}/")), None)
        if hidden is not None:
            yield warning(
                f"{hidden} is where {what} will be, and may be hidden or found instead of them",
                "install the runtime's own packages elsewhere, such as in site-packages",
            )


def _check_client(tree: FileTree) -> Iterator[Finding]:
    if not any(path.endswith(_CLIENTS) for path in tree.entries):
        yield warning(
            "the image has neither lambda_ric nor awslambdaric",
            "RUN pip install lambda-ric, for the Python that the bootstrap starts",
        )
