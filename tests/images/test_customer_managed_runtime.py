"""Runtime images serve zip functions with layers, and files are found as in AWS's own image."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lambda_ric.deploy.archive import open_archive
from lambda_ric.deploy.runtime_image import check_runtime_image
from lambda_ric.deploy.zip_package import lay_over
from tests.images.container import AS_LAMBDA_WOULD, Container, container
from tests.images.test_examples import fetch
from tests.images.workshop import PYTHON_VERSION, STORAGE, Shelf, build, buildah, install, podman
from tests.support.paths import ROOT

FOLDER = ROOT / "base_images/customer-managed-runtime"
RUNTIMES = sorted(path.name.removesuffix(".Dockerfile") for path in FOLDER.glob("*.Dockerfile"))
PROBE = Path(__file__).with_name("zip_probe")
AWS_IMAGE = f"public.ecr.aws/lambda/python:{PYTHON_VERSION}"

SITE_PACKAGES = f"python/lib/python{PYTHON_VERSION}/site-packages"
SEARCHED_FIRST = ["/var/task", f"/opt/{SITE_PACKAGES}", "/opt/python"]
MODULES = ["pure", "in_both", "own", "boto3", "markupsafe._speedups", "botocore"]


class Function(NamedTuple):
    """The unpacked code, and the layers laid over one another, of the function under test."""

    code: Path
    layers: Path

    @property
    def mounts(self) -> tuple[str, ...]:
        return ("-v", f"{self.code}:/var/task:ro", "-v", f"{self.layers}:/opt:ro")


@pytest.fixture(scope="module")
def function(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Function:
    """A function with three layers: a pure package, a compiled one, and a boto3 of its own."""
    folder = tmp_path_factory.mktemp("zip")
    code, opt = folder / "code", folder / "layers"
    shutil.copytree(PROBE / "function", code)
    (code / "own.py").touch()
    compiled = folder / "compiled"
    install(compiled / SITE_PACKAGES, "markupsafe")
    pure = {"python/pure.py": "", "python/in_both.py": "", "python/own.py": "", "python/app.py": ""}
    wrapper = '#!/bin/sh\nexport OF_THE_WRAPPER=set _HANDLER=app.wrapped\nexec "$@"\n'
    own = {f"{SITE_PACKAGES}/in_both.py": "", "python/boto3.py": "", "wrapper": wrapper}
    archives = [
        packed(folder / "pure", {**pure, "bin/layer-tool": "#!/bin/sh\nprintf layer"}),
        packed(compiled, {}),
        packed(folder / "own", own),
    ]
    opt.mkdir()
    lay_over(archives, opt)
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)  # uid 993 reads what pytest's private folder holds
    return Function(code, opt)


def packed(folder: Path, files: dict[str, str]) -> Path:
    """Put files into a folder, and return a zip file of it, in which all files are programs."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return Path(shutil.make_archive(str(folder), "zip", folder))


@pytest.fixture(scope="module")
def found_by_aws(function: Function, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the function finds under AWS's client, in AWS's image, started by AWS's emulator."""
    runtime = tmp_path_factory.mktemp("aws") / "runtime"
    shutil.copytree(PROBE / "aws", runtime)
    install(runtime, "awslambdaric", "boto3")
    for parent in (runtime, *runtime.parents[:2]):
        parent.chmod(0o755)
    options = (*function.mounts, "-v", f"{runtime}:/var/runtime:ro")
    with container(AWS_IMAGE, "app.handler", options=options) as running:
        return running.invoke({"modules": MODULES})


@pytest.fixture(scope="module")
def built(shelf: Shelf) -> Callable[[str], str]:
    """Builds the runtime image of a name from its Dockerfile as it stands, once."""
    fetch(shelf)

    @cache
    def image_of(name: str) -> str:
        image = f"localhost/lambda-ric/runtime-{name}"
        return build(image, FOLDER / f"{name}.Dockerfile", FOLDER, *shelf.mounts)

    return image_of


@pytest.fixture(scope="module", params=RUNTIMES)
def runtime(request: pytest.FixtureRequest, built: Callable[[str], str]) -> str:
    """The name of a runtime image."""
    return built(request.param)


@contextmanager
def served(runtime: str, function: Function, *options: str) -> Iterator[Container]:
    with container(runtime, options=(*function.mounts, *options)) as running:
        yield running


def without_folder_of_the_runtime(found: dict[str, Any]) -> dict[str, Any]:
    """Return what was found, but for where the runtime itself keeps its packages."""
    assert "/var/task" not in found["files"]["botocore"]
    assert "/opt" not in found["files"]["botocore"]
    files = {name: file for name, file in found["files"].items() if name != "botocore"}
    return {**found, "files": files}


def test_a_function_finds_the_same_files_as_under_awss_image(
    runtime: str, function: Function, found_by_aws: Any
) -> None:
    with served(runtime, function, "-e", "_HANDLER=app.handler") as running:
        found = running.invoke({"modules": MODULES})
    assert found["first"] == SEARCHED_FIRST
    assert without_folder_of_the_runtime(found) == without_folder_of_the_runtime(found_by_aws)
    assert found["files"]["own"] == "/var/task/own.py"
    assert found["files"]["boto3"] == "/opt/python/boto3.py"
    assert found["files"]["markupsafe._speedups"].startswith(f"/opt/{SITE_PACKAGES}/")


def test_a_wrapper_of_a_layer_starts_the_runtime_with_the_same_search_path(
    runtime: str, function: Function
) -> None:
    options = ("-e", "_HANDLER=app.handler", "-e", "AWS_LAMBDA_EXEC_WRAPPER=/opt/wrapper")
    with served(runtime, function, *options) as running:
        assert running.invoke({}) == {"wrapper": "set", "first": SEARCHED_FIRST}


def test_a_search_path_of_the_function_replaces_the_one_with_the_layers(
    runtime: str, function: Function
) -> None:
    options = ("-e", "_HANDLER=app.handler", "-e", "PYTHONPATH=/var/task/lib")
    with served(runtime, function, *options) as running:
        found = running.invoke({"modules": ["boto3"]})
    assert found["first"] == ["/var/task", "/var/task/lib", "/var/runtime"]
    assert not found["files"]["boto3"].startswith("/opt")


def test_an_image_without_a_handler_says_what_to_do(runtime: str, function: Function) -> None:
    with pytest.raises(AssertionError, match=r"exit 1(?s:.*)no handler is given; set _HANDLER"):
        podman("run", "--rm", *AS_LAMBDA_WOULD, runtime)


def test_the_check_of_runtimes_finds_nothing(runtime: str, tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    buildah("push", "-q", runtime, f"docker-archive:{archive}:runtime:v1")
    with open_archive(archive) as opened:
        (report,) = check_runtime_image(opened)
    assert [finding.problem for finding in report.findings] == []


def test_an_index_of_two_platforms_is_examined_as_a_registry_would_get_it(
    built: Callable[[str], str], tmp_path: Path
) -> None:
    """The second image has the files of the first: only its description says arm64."""
    runtime = built("debian")
    other, index = f"{runtime}-arm64", f"{runtime}-index"
    working = buildah("from", "--pull-never", runtime).strip()
    buildah("config", "--arch", "arm64", working)
    buildah("commit", "-q", "--format", "oci", "--rm", working, other)
    subprocess.run(["buildah", *STORAGE, "manifest", "rm", index], capture_output=True, check=False)
    buildah("manifest", "create", index)
    for image in (runtime, other):
        buildah("manifest", "add", index, image)
    layout = tmp_path / "layout"
    buildah("manifest", "push", "-q", "--all", index, f"oci:{layout}")
    with open_archive(layout) as opened:
        reports = check_runtime_image(opened)
    found = [(report.image.architecture, report.findings) for report in reports]
    assert found == [("amd64", []), ("arm64", [])]


@pytest.mark.parametrize("name", ["greeter", "canary"])
def test_the_example_of_an_organisation_runs_both_functions(
    built: Callable[[str], str], name: str
) -> None:
    folder = ROOT / "examples/organisation-runtime"
    options = (f"--build-arg=BASE={built('debian')}", "--build-arg=RELEASE=v1")
    image = build(
        "localhost/lambda-ric/organisation", folder / "image/Dockerfile", folder / "image", *options
    )
    mounts = ("-v", f"{folder / name}:/var/task:ro", "-v", f"{folder / 'layer'}:/opt:ro")
    with container(image, "app.handler", options=mounts) as running:
        answer = running.invoke({"name": "Ada"})
    assert answer["on"] == "v1"
    if name == "canary":
        assert answer["searched_first"] == SEARCHED_FIRST
