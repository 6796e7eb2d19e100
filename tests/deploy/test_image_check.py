"""Each thing that Lambda refuses is found, in both layouts, and nothing else is."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from lambda_ric.deploy import file_rules
from lambda_ric.deploy.archive import ArchiveError, open_archive
from lambda_ric.deploy.filesystem import FileTree
from lambda_ric.deploy.finding import Level
from lambda_ric.deploy.image_check import Report, check_image
from tests.deploy.packing import (
    GOOD,
    OCI_MANIFEST,
    PROGRAM,
    SETTINGS,
    OciLayout,
    Put,
    Recipe,
    docker_archive,
)


def report(path: Path, **options: str) -> Report:
    with open_archive(path) as archive:
        return check_image(archive, **options)


def check(tmp_path: Path, recipe: Recipe, **options: str) -> list[tuple[str, str]]:
    found = report(docker_archive(tmp_path / "image.tar", recipe), **options).findings
    assert all(finding.remedy for finding in found)
    return [(finding.level.value, finding.problem) for finding in found]


def only_error(tmp_path: Path, recipe: Recipe, **options: str) -> str:
    ((level, problem),) = check(tmp_path, recipe, **options)
    assert level == "error"
    return problem


def test_a_good_image_has_no_findings_in_either_layout(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "oci")
    root = layout.close(layout.manifest(Recipe()))
    for path in (
        docker_archive(tmp_path / "docker.tar", Recipe()),
        root,
        layout.tar(tmp_path / "oci.tar"),
    ):
        assert report(path, architecture="x86_64").findings == []


def test_a_gzipped_archive_is_read(tmp_path: Path) -> None:
    plain = docker_archive(tmp_path / "image.tar", Recipe())
    packed = tmp_path / "image.tar.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert report(packed).findings == []


# --- the manifest ---------------------------------------------------------------------------


@pytest.mark.parametrize("nested", [True, False])
def test_an_attestation_beside_the_image_is_refused(tmp_path: Path, nested: bool) -> None:
    layout = OciLayout(tmp_path / "oci")
    descriptors = [layout.manifest(Recipe()), layout.attestation()]
    root = layout.close(*([layout.index(descriptors)] if nested else descriptors))
    (finding,) = report(root).findings
    assert finding.level is Level.ERROR
    assert "attestations" in finding.problem
    assert "--provenance=false" in finding.remedy


def test_several_platforms_are_refused_and_the_asked_one_is_looked_into(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "oci")
    broken = Recipe(settings={**SETTINGS, "Cmd": []}, architecture="arm64")
    index = layout.index([layout.manifest(Recipe()), layout.manifest(broken)])
    root = layout.close(index)
    (finding,) = report(root, architecture="x86_64").findings
    assert "linux/amd64 and linux/arm64" in finding.problem
    platforms, handler = report(root, architecture="arm64").findings
    assert "several platforms" in platforms.problem
    assert "CMD names no handler" in handler.problem


def test_an_index_of_a_single_image_is_refused(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "oci")
    root = layout.close(layout.index([layout.manifest(Recipe())]))
    (finding,) = report(root).findings
    assert "not an image" in finding.problem


def test_a_platform_that_was_not_fetched_is_passed_over(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "oci")
    absent = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:ab"}
    root = layout.close(layout.index([layout.manifest(Recipe()), absent]))
    assert report(root).image.architecture == "amd64"


def test_a_layer_of_an_unknown_type_is_refused(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "oci")
    foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    root = layout.close(layout.manifest(Recipe(), foreign))
    (finding,) = report(root).findings
    assert foreign in finding.problem


def test_the_wrong_architecture_is_refused(tmp_path: Path) -> None:
    assert "linux/riscv64" in only_error(tmp_path, Recipe(architecture="riscv64"))
    assert "windows/amd64" in only_error(tmp_path, Recipe(system="windows"))
    wrong = only_error(tmp_path, Recipe(), architecture="arm64")
    assert "the function is arm64" in wrong


def test_of_several_images_one_must_be_named(tmp_path: Path) -> None:
    path = docker_archive(tmp_path / "two.tar", Recipe(), "fn:v1", "fn:v2")
    with pytest.raises(ArchiveError, match=r"--image; it holds: fn:v1; fn:v2"):
        report(path)
    assert report(path, reference="fn:v2").reference == "fn:v2"


# --- how it starts ----------------------------------------------------------------------------


def settings(**changes: object) -> Recipe:
    return Recipe(settings={**SETTINGS, **changes})


def test_nothing_to_start_is_refused(tmp_path: Path) -> None:
    assert "neither ENTRYPOINT nor CMD" in only_error(tmp_path, settings(Entrypoint=None, Cmd=None))


def test_a_missing_entry_point_is_refused(tmp_path: Path) -> None:
    recipe = settings(Entrypoint=["/usr/bin/python", "-m", "lambda_ric"])
    assert "/usr/bin/python is not in the image" in only_error(tmp_path, recipe)


def test_a_dangling_entry_point_is_refused(tmp_path: Path) -> None:
    links = {"usr/bin/python": Put(link="gone"), "usr/bin/a": Put(link="b")}
    links["usr/bin/b"] = Put(link="a")
    for program in ("/usr/bin/python", "/usr/bin/a"):
        recipe = settings(Entrypoint=[program, "-m", "lambda_ric"])
        recipe.layers = [{**GOOD, **links}]
        assert "is not in the image" in only_error(tmp_path, recipe)


def test_an_entry_point_that_uid_993_may_not_run_is_refused(tmp_path: Path) -> None:
    program = "usr/local/bin/python3.13"
    recipe = Recipe(layers=[{**GOOD, program: Put(b"#!", 0o750)}])
    assert f"because of /{program}" in only_error(tmp_path, recipe)
    folder = {"usr/local/bin/": Put(folder=True, mode=0o700)}
    recipe = Recipe(layers=[{**folder, **GOOD}])
    assert "because of /usr/local/bin" in only_error(tmp_path, recipe)


def test_lambdas_own_user_and_group_have_their_rights(tmp_path: Path) -> None:
    program = "usr/local/bin/python3.13"
    for put in (Put(b"#!", 0o500, user=993), Put(b"#!", 0o050, group=990)):
        assert check(tmp_path, Recipe(layers=[{**GOOD, program: put}])) == []


@pytest.mark.parametrize("program", ["python3.13", "python", "/usr/local/bin/python"])
def test_the_entry_points_of_the_documentation_have_no_findings(
    program: str, tmp_path: Path
) -> None:
    recipe = settings(Entrypoint=[program, "-m", "lambda_ric"])
    recipe.layers = [{**GOOD, "usr/local/bin/python": Put(link="python3.13")}]
    assert check(tmp_path, recipe) == []


def test_a_relative_entry_point_is_a_warning(tmp_path: Path) -> None:
    recipe = settings(Entrypoint=["bin/start", "lambda_ric"])
    recipe.layers = [{**GOOD, "function/bin/start": PROGRAM}]
    ((level, problem),) = check(tmp_path, recipe)
    assert level == "warning"
    assert "not an absolute path" in problem


@pytest.mark.parametrize("module", ["lambda_ric", "awslambdaric", "my.runtime"])
def test_a_module_that_is_not_installed_is_refused(module: str, tmp_path: Path) -> None:
    recipe = settings(Entrypoint=["/usr/local/bin/python3.13", "-m", module])
    recipe.layers = [{name: put for name, put in GOOD.items() if "site-packages" not in name}]
    assert f"the module {module} of " in only_error(tmp_path, recipe)


def test_python_alone_is_refused(tmp_path: Path) -> None:
    for changes in ({"Entrypoint": None, "Cmd": ["python3.13"]}, {"Entrypoint": ["python3.13"]}):
        recipe = settings(**{"Cmd": None, **changes})
        assert "python3.13 alone starts no runtime client" in only_error(tmp_path, recipe)


def test_a_linked_entry_point_is_a_warning_that_names_the_file(tmp_path: Path) -> None:
    links = {
        "usr/local/bin/start": Put(link="start3"),
        "usr/local/bin/start3": Put(link="/usr/local/bin/python3.13"),
    }
    recipe = settings(Entrypoint=["/usr/local/bin/start", "-m", "lambda_ric"])
    recipe.layers = [{**GOOD, **links}]
    (finding,) = report(docker_archive(tmp_path / "image.tar", recipe)).findings
    assert finding.level is Level.WARNING
    assert "symbolic link" in finding.problem
    assert finding.remedy == "write /usr/local/bin/python3.13"


def test_a_link_to_a_folder_above_is_not_a_linked_entry_point(tmp_path: Path) -> None:
    recipe = settings(Entrypoint=["/bin/python3.13", "-m", "lambda_ric"])
    recipe.layers = [{**GOOD, "bin": Put(link="usr/local/bin")}]
    assert check(tmp_path, recipe) == []


def test_a_missing_working_directory_is_refused(tmp_path: Path) -> None:
    found = check(tmp_path, settings(WorkingDir="/elsewhere"))
    assert "working directory /elsewhere is not in the image" in found[0][1]


def test_no_handler_is_refused_unless_the_function_names_one(tmp_path: Path) -> None:
    assert "CMD names no handler" in only_error(tmp_path, settings(Cmd=None))
    assert check(tmp_path, settings(Cmd=None), handler="app.handler") == []


def test_a_handler_that_is_not_in_the_image_is_refused(tmp_path: Path) -> None:
    assert "module main of the handler" in only_error(tmp_path, settings(Cmd=["main.handler"]))
    assert "is not a handler" in only_error(tmp_path, settings(Cmd=["handler"]))


@pytest.mark.parametrize(
    "file",
    [
        "function/pkg/api.py",
        "function/pkg/api/__init__.py",
        "function/pkg/api.cpython-313-x86_64-linux-gnu.so",
        "usr/local/lib/python3.13/site-packages/pkg/api.py",
        "packages/pkg/api.pyc",
    ],
)
def test_a_handler_is_found_where_python_would_find_it(tmp_path: Path, file: str) -> None:
    recipe = settings(Cmd=["pkg.api.handler"], Env=["PYTHONPATH=/packages"])
    recipe.layers = [{**GOOD, file: Put()}]
    assert check(tmp_path, recipe) == []


def test_awss_entry_script_takes_only_the_handler(tmp_path: Path) -> None:
    script = {"lambda-entrypoint.sh": PROGRAM, "var/task/app.py": Put()}
    aws = {"Entrypoint": ["/lambda-entrypoint.sh"], "WorkingDir": "/var/task"}
    good = Recipe(layers=[script], settings={**aws, "Cmd": ["app.handler"]})
    assert check(tmp_path, good) == []
    none = Recipe(layers=[script], settings=aws)
    assert "CMD names no handler" in only_error(tmp_path, none)
    two = Recipe(layers=[script], settings={**aws, "Cmd": ["app.handler", "--debug"]})
    assert "takes only the handler" in only_error(tmp_path, two)


def test_another_languages_command_is_left_alone(tmp_path: Path) -> None:
    recipe = settings(Entrypoint=["/usr/local/bin/python3.13"], Cmd=["serve.py"])
    assert check(tmp_path, recipe) == []


# --- its files --------------------------------------------------------------------------------


def test_code_that_uid_993_cannot_read_is_refused(tmp_path: Path) -> None:
    secret = {"function/secret.py": Put(mode=0o600), "etc/shadow": Put(mode=0o600)}
    problem = only_error(tmp_path, Recipe(layers=[{**GOOD, **secret}]))
    assert problem == "Lambda's user (uid 993) cannot read /function/secret.py"


def test_many_unreadable_files_are_counted_by_folder(
    tmp_path: Path,
) -> None:
    files = {f"function/f{number}.py": Put(mode=0o600) for number in range(8)}
    assert "and 3 more" in only_error(tmp_path, Recipe(layers=[{**GOOD, **files}]))
    for mode in (0o700, 0o744, 0o711):  # a folder is to be listed and passed through
        folder = {"function/lib/": Put(folder=True, mode=mode), "function/lib/a.py": Put()}
        problem = only_error(tmp_path, Recipe(layers=[{**GOOD, **folder}]))
        assert problem.endswith("cannot read /function/lib")


def test_later_layers_cover_and_delete(tmp_path: Path) -> None:
    first = {**GOOD, "function/secret.py": Put(mode=0o600), "function/old/x.py": Put(mode=0)}
    second = {"function/.wh.secret.py": Put(), "function/old/.wh..wh..opq": Put()}
    assert check(tmp_path, Recipe(layers=[first, second])) == []
    gone = {"function/.wh.app.py": Put()}
    assert "module app" in only_error(tmp_path, Recipe(layers=[GOOD, gone]))
    replaced = {"function/app.py": Put(mode=0o600)}
    assert "cannot read /function/app.py" in only_error(tmp_path, Recipe(layers=[GOOD, replaced]))


def test_an_opaque_folder_keeps_the_files_of_its_own_layer(tmp_path: Path) -> None:
    second = {"function/app.py": Put(), "function/.wh..wh..opq": Put()}
    assert check(tmp_path, Recipe(layers=[GOOD, second])) == []


def test_a_file_in_place_of_a_folder_deletes_its_contents(tmp_path: Path) -> None:
    first = {**GOOD, "function/lib/a.py": Put(mode=0o600)}
    assert check(tmp_path, Recipe(layers=[first, {"function/lib": Put()}])) == []


def test_more_than_ten_gigabytes_are_refused() -> None:
    tree = FileTree()
    tree.unpacked_size = file_rules.SIZE_LIMIT
    assert list(file_rules.check_size(tree)) == []
    tree.unpacked_size += 1
    (finding,) = file_rules.check_size(tree)
    assert "10.0 GB" in finding.problem


def test_deleted_files_count_towards_the_size(tmp_path: Path) -> None:
    layers = [{**GOOD, "big": Put(b"x" * 100_000)}, {".wh.big": Put()}]
    path = docker_archive(tmp_path / "image.tar", Recipe(layers=layers))
    assert report(path).tree.unpacked_size > 100_000


# --- archives that are none -------------------------------------------------------------------


def test_input_that_is_not_an_image_is_reported(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    empty = tmp_path / "empty"
    empty.mkdir()
    for path, words in (
        (tmp_path / "absent", "no such file"),
        (text, "neither a directory nor a readable tar file"),
        (empty, "neither index.json"),
    ):
        with pytest.raises(ArchiveError, match=words):
            report(path)


def test_a_broken_archive_is_named(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "oci")
    root = layout.close(layout.manifest(Recipe()))
    for blob in (root / "blobs/sha256").iterdir():
        kept = blob.read_bytes()
        for broken in (b"", kept[: len(kept) // 2], b"[]", b'{"a": 1'):
            blob.write_bytes(broken)
            with pytest.raises(ArchiveError):
                report(root)
        blob.write_bytes(kept)
    assert report(root).findings == []


def test_a_layer_compressed_with_zstd_is_named_where_python_cannot_read_it(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "oci")
    manifest = layout.manifest(Recipe())
    data = b"\x28\xb5\x2f\xfd" + b"no frame"
    layer = layout.blob(data, "application/vnd.oci.image.layer.v1.tar+zstd")
    body = json.loads((tmp_path / "oci/blobs" / manifest["digest"].replace(":", "/")).read_text())
    root = layout.close(layout.blob(json.dumps({**body, "layers": [layer]}).encode(), OCI_MANIFEST))
    with pytest.raises(ArchiveError, match="zstd"):
        report(root)


def test_a_truncated_tar_is_named(tmp_path: Path) -> None:
    whole = docker_archive(tmp_path / "whole.tar", Recipe()).read_bytes()
    cut = tmp_path / "cut.tar"
    for length in range(0, len(whole), 1024):
        cut.write_bytes(whole[:length])
        try:
            report(cut)
        except ArchiveError:
            continue
        assert length > whole.rindex(b"layer.tar"), "a cut archive passed for a whole one"


def test_names_that_climb_out_of_the_image_stay_in_it() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../../etc/passwd"))
    tree = FileTree()
    tree.add(io.BytesIO(out.getvalue()))
    assert "/etc/passwd" in tree.entries
