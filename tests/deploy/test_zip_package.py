"""Packages of zip functions: what is unpacked, and what is refused."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from lambda_ric.deploy.zip_package import PackageError, check_limits, lay_over, unpack

unix = pytest.mark.skipif(os.name != "posix", reason="permissions and links are Unix's")


def make_zip(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return path


def add_link(archive: Path, name: str, target: str) -> None:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(entry, target)


@pytest.mark.parametrize(
    "name", ["../evil.py", "a/../../evil.py", "/tmp/evil.py", "..\\evil.py", "a/b/../../../evil.py"]
)
def test_a_name_outside_of_the_package_is_refused(name: str, tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "code.zip", **{"app.py": "", name: "evil"})
    folder = tmp_path / "deep/er/task"
    folder.mkdir(parents=True)
    with pytest.raises(PackageError, match="outside of the package"):
        unpack(archive, folder)
    assert list(tmp_path.rglob("evil.py")) == []
    assert list(folder.iterdir()) == []  # the names are read before anything is written


@unix
def test_nothing_is_written_through_a_link_of_an_earlier_layer(tmp_path: Path) -> None:
    outside, opt = tmp_path / "outside", tmp_path / "opt"
    outside.mkdir()
    opt.mkdir()
    first = make_zip(tmp_path / "first.zip")
    add_link(first, "lib", str(outside))
    second = make_zip(tmp_path / "second.zip", **{"lib/evil.so": "evil"})
    with pytest.raises(PackageError, match="through a link"):
        lay_over([first, second], opt)
    assert list(outside.iterdir()) == []


@unix
def test_a_file_replaces_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    victim, opt = tmp_path / "victim", tmp_path / "opt"
    victim.write_text("mine")
    opt.mkdir()
    first = make_zip(tmp_path / "first.zip")
    add_link(first, "name", str(victim))
    lay_over([first, make_zip(tmp_path / "second.zip", name="theirs")], opt)
    assert (victim.read_text(), (opt / "name").read_text()) == ("mine", "theirs")


@unix
def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    archive = tmp_path / "layer.zip"
    program = zipfile.ZipInfo("bin/tool")
    program.create_system = 3
    program.external_attr = (stat.S_IFREG | 0o755) << 16
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(program, "#!/bin/sh\n")
    add_link(archive, "bin/alias", "tool")
    folder = tmp_path / "opt"
    folder.mkdir()
    unpack(archive, folder)
    assert os.access(folder / "bin/alias", os.X_OK)
    assert os.readlink(folder / "bin/alias") == "tool"


def test_a_later_layer_replaces_files_of_an_earlier_one(tmp_path: Path) -> None:
    first = make_zip(tmp_path / "1.zip", **{"python/a.py": "1", "python/b.py": "1"})
    second = tmp_path / "second"
    (second / "python").mkdir(parents=True)
    (second / "python/b.py").write_text("2")
    opt = tmp_path / "opt"
    opt.mkdir()
    lay_over([first, second], opt)
    assert [(opt / f"python/{name}.py").read_text() for name in "ab"] == ["1", "2"]


def test_what_is_no_zip_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "code.zip"
    file.write_bytes(b"PK\3\4 cut off")
    with pytest.raises(PackageError, match=r"code\.zip is no zip file, or is damaged"):
        unpack(file, tmp_path)
    with pytest.raises(PackageError, match="there is no such file or folder"):
        check_limits(tmp_path / "missing.zip", [])


def test_a_damaged_entry_is_reported(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "code.zip", **{"app.py": "print('whole')"})
    archive.write_bytes(archive.read_bytes().replace(b"whole", b"wrong"))
    (tmp_path / "task").mkdir()
    with pytest.raises(PackageError, match="Bad CRC-32"):
        unpack(archive, tmp_path / "task")


def test_lambdas_limits_hold_for_code_and_layers_together(tmp_path: Path) -> None:
    large = tmp_path / "large.zip"
    with (
        zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened,
        opened.open("data", "w") as entry,
    ):
        for _ in range(132):
            entry.write(bytes(1_000_000))
    small = make_zip(tmp_path / "small.zip", **{"app.py": ""})
    check_limits(small, [large])
    with pytest.raises(PackageError, match="264000000 bytes when"):
        check_limits(large, [large])
    with pytest.raises(PackageError, match="6 layers are given, and Lambda takes 5"):
        check_limits(small, [small] * 6)
