"""When a file counts as changed since a bundle was made."""

from __future__ import annotations

import os
from binascii import crc32
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lambda_ric.ondemand.bundle import is_unchanged

if TYPE_CHECKING:
    from lambda_ric.ondemand.bundle import Seen

CODE = b"answer = 42\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_bytes(CODE)
    return path


def seen(file: Path, *, days_ago: int = 0) -> Seen:
    status = file.stat()
    return status.st_size, int(status.st_mtime) - 86_400 * days_ago, crc32(file.read_bytes())


def test_a_file_with_the_same_size_and_date_is_not_even_read(file: Path) -> None:
    size, modified, _ = seen(file)
    assert is_unchanged(str(file), (size, modified, -1))


def test_a_new_date_alone_is_no_change(file: Path) -> None:
    assert is_unchanged(str(file), seen(file, days_ago=1))


def test_other_bytes_are_a_change(file: Path) -> None:
    before = seen(file, days_ago=1)
    file.write_bytes(CODE.replace(b"42", b"43"))
    assert not is_unchanged(str(file), before)


def test_another_size_is_a_change_whatever_its_date_says(file: Path) -> None:
    before = seen(file)
    file.write_bytes(CODE + b"\n")
    os.utime(file, (before[1], before[1]))
    assert not is_unchanged(str(file), before)


def test_a_file_that_has_gone_is_a_change(file: Path) -> None:
    before = seen(file)
    file.unlink()
    assert not is_unchanged(str(file), before)
