"""The versions read from ELF files are those that readelf reads, and garbage is no error."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.deploy.elf import Needs, read_needs
from lambda_ric.deploy.file_rules import c_library, check_c_library
from lambda_ric.deploy.filesystem import Entry, FileTree
from tests.conftest import Require

LIBRARY = Path("/lib/x86_64-linux-gnu/libc.so.6")


def versions(path: Path, section: str) -> tuple[int, ...] | None:
    """The highest GLIBC version that readelf prints in one of the two version sections."""
    text = subprocess.run(["readelf", "-V", "-W", path], capture_output=True, text=True).stdout
    part = next((it for it in text.split("\n\n") if section in it), "")
    found = re.findall(r"Name: GLIBC_([0-9.]+)", part)
    return max((tuple(map(int, it.split("."))) for it in found), default=None)


def test_versions_are_those_that_readelf_prints(require: Require) -> None:
    require(shutil.which("readelf") and LIBRARY.exists(), "needs readelf and a glibc system")
    files = [*Path(sysconfig.get_path("stdlib"), "lib-dynload").glob("*.so")]
    for path in [Path("/bin/sh").resolve(), LIBRARY, *files]:
        assert read_needs(path.read_bytes()) == Needs(
            wanted=versions(path, "Version needs section"),
            offered=versions(path, "Version definition section"),
        )


@given(st.binary(max_size=200))
def test_bytes_that_are_no_elf_file_say_nothing(tail: bytes) -> None:
    assert read_needs(tail) is None or tail.startswith(b"\x7fELF")
    for header in (b"\x7fELF\x02\x01", b"\x7fELF\x01\x01", b"\x7fELF\x02\x02"):
        read_needs(header + tail)


def test_a_truncated_library_says_nothing(require: Require) -> None:
    require(LIBRARY.exists(), "needs a glibc system")
    data = LIBRARY.read_bytes()
    for length in range(0, len(data), len(data) // 50):
        read_needs(data[:length])


def tree(*, library: tuple[int, ...] | None, wheel: tuple[int, ...]) -> FileTree:
    files = FileTree()
    if library:
        files.entries["/lib/libc.so.6"] = Entry("file", 0o755, 0, 0, needs=Needs((2, 2), library))
    files.entries["/app/x.so"] = Entry("file", 0o755, 0, 0, needs=Needs(wheel, None))
    return files


def problems(files: FileTree) -> list[str]:
    return [it.problem for it in check_c_library(files, ["/app"], c_library(files))]


def test_a_wheel_for_a_newer_c_library_is_refused() -> None:
    assert problems(tree(library=(2, 34), wheel=(2, 34))) == []
    (problem,) = problems(tree(library=(2, 34), wheel=(2, 38)))
    assert problem == ("built for the GNU C library 2.38, and the image has 2.34: /app/x.so")


def test_a_glibc_wheel_on_musl_is_refused() -> None:
    (problem,) = problems(tree(library=None, wheel=(2, 17)))
    assert "has none (is it Alpine?)" in problem


def test_only_the_folders_that_python_imports_from_are_looked_into() -> None:
    files = tree(library=(2, 34), wheel=(2, 38))
    assert list(check_c_library(files, ["/other"], (2, 34))) == []
