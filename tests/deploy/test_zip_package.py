"""Packages of zip functions: what is unpacked, and what is refused."""

from __future__ import annotations

import os
import stat
import tempfile
import warnings
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_ric.deploy.zip_entries import PackageError
from lambda_ric.deploy.zip_package import check_limits, lay_over, unpack

unix = pytest.mark.skipif(os.name != "posix", reason="permissions and links are Unix's")


def make_zip(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return path


def whole() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in ("app.py", "python/module.py", "a/b/c.py", "folder/"):
            opened.writestr(name, "" if name.endswith("/") else "value = 1\n" * 9)
    return buffer.getvalue()


WHOLE = whole()


def add_link(archive: Path, name: str, target: str) -> None:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(entry, target)


@pytest.mark.parametrize(
    "name", ["../evil.py", "a/../../evil.py", "/tmp/evil.py", "a/b/../../../evil.py"]
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


def add_entry(archive: Path, name: str, mode: int = stat.S_IFREG | 0o644, text: str = "") -> Path:
    entry = zipfile.ZipInfo("placeholder")
    entry.filename, entry.create_system, entry.external_attr = name, 3, mode << 16
    with zipfile.ZipFile(archive, "a") as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of duplicates, which are wanted
        opened.writestr(entry, text)
    return archive


@pytest.mark.parametrize(
    ("name", "mode", "words"),
    [
        ("..\\evil.py", stat.S_IFREG, "written with backslashes"),
        ("C:\\evil.py", stat.S_IFREG, "written with backslashes"),
        (".", stat.S_IFREG, "'.' is no name of a file"),
        ("evil\0.py", stat.S_IFREG, r"is no name of a file"),
        ("a/" * 3000 + "b", stat.S_IFREG, "…' is no name of a file"),
        ("pipe", stat.S_IFIFO, "'pipe' is neither a file, a folder nor a link"),
        ("null", stat.S_IFCHR, "'null' is neither a file, a folder nor a link"),
        ("app.py", stat.S_IFREG, "'app.py' is in it twice, with different contents"),
        ("app.py/b", stat.S_IFREG, "'app.py' is both a file and a folder"),
        ("app.py/", stat.S_IFDIR, "'app.py' is both a file and a folder"),
        ("a" * 300, stat.S_IFREG, "…': "),
    ],
)
def test_an_odd_entry_is_refused_by_its_name(
    name: str, mode: int, words: str, tmp_path: Path
) -> None:
    archive = make_zip(tmp_path / "code.zip", **{"app.py": "pass"})
    folder = tmp_path / "task"
    folder.mkdir()
    with pytest.raises(PackageError) as refused:
        unpack(add_entry(archive, name, mode | 0o644), folder)
    assert words in str(refused.value)
    assert len(str(refused.value)) < 300 + len(str(archive))


def test_an_empty_archive_is_refused_and_the_same_file_twice_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "task"
    folder.mkdir()
    with pytest.raises(PackageError, match="is an empty zip file"):
        unpack(make_zip(tmp_path / "empty.zip"), folder)
    archive = make_zip(tmp_path / "code.zip", **{"app.py": "pass"})
    unpack(add_entry(archive, "app.py", text="pass"), folder)
    assert (folder / "app.py").read_text() == "pass"


def test_a_size_that_is_a_lie_unpacks_no_more_than_it_says(tmp_path: Path) -> None:
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("big", bytes(1 << 20))
    told = archive.read_bytes().replace((1 << 20).to_bytes(4, "little"), bytes([9, 0, 0, 0]))
    archive.write_bytes(told)
    folder = tmp_path / "task"
    folder.mkdir()
    with pytest.raises(PackageError, match=r"is no zip file, or is damaged: Bad CRC-32"):
        unpack(archive, folder)
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 9


@given(damage=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1))
@settings(max_examples=150, deadline=None)
def test_a_damaged_archive_is_refused_or_stays_inside(damage: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, value in damage:
        data[place % len(data)] = value
    with tempfile.TemporaryDirectory() as workspace:
        archive, folder = Path(workspace, "code.zip"), Path(workspace, "deep/task")
        archive.write_bytes(data)
        folder.mkdir(parents=True)
        with suppress(PackageError):
            unpack(archive, folder)
        above = {path.name for path in [*Path(workspace).iterdir(), *folder.parent.iterdir()]}
        assert above == {"code.zip", "deep", "task"}


@unix
def test_a_layer_replaces_a_file_by_a_folder_and_gains_no_rights(tmp_path: Path) -> None:
    opt = tmp_path / "opt"
    opt.mkdir()
    second = make_zip(tmp_path / "2.zip", **{"name/file": "2"})
    add_entry(second, "tool", stat.S_IFREG | 0o6755)
    lay_over([make_zip(tmp_path / "1.zip", name="1"), second], opt)
    assert (opt / "name/file").read_text() == "2"
    assert stat.S_IMODE((opt / "tool").stat().st_mode) == 0o755


@unix
def test_a_folder_as_a_layer_keeps_links_and_refuses_what_is_no_file(tmp_path: Path) -> None:
    layer, elsewhere, opt = tmp_path / "layer", tmp_path / "elsewhere", tmp_path / "opt"
    for folder in (layer, elsewhere, opt):
        folder.mkdir()
    (elsewhere / "module.py").write_text("found")
    (layer / "inner.py").symlink_to("file.py")
    (layer / "python").symlink_to("../elsewhere")
    lay_over([layer], opt)
    assert os.readlink(opt / "inner.py") == "file.py"
    assert (opt / "python/module.py").read_text() == "found"
    os.mkfifo(layer / "pipe")
    with pytest.raises(PackageError, match="pipe cannot be copied: it is neither"):
        lay_over([layer], opt)
