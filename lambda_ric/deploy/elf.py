"""The versions of the GNU C library that a Linux binary needs, or that the library offers.

Reads the symbol-version sections of an ELF file (System V ABI; "Symbol Versioning" of the Linux
Standard Base). A wheel built on a newer system than the one it runs on fails there with
"version `GLIBC_2.38' not found", at import, in Lambda. This module finds it before the push.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

Version = tuple[int, ...]

_VERSIONS_NEEDED, _VERSIONS_DEFINED = 0x6FFFFFFE, 0x6FFFFFFD
_PREFIX = b"GLIBC_"


@dataclass(frozen=True)
class Needs:
    """The highest GLIBC version that a binary asks for, and that it offers if it is the library."""

    wanted: Version | None
    offered: Version | None


def read_needs(data: bytes) -> Needs | None:
    """Read a 64-bit little-endian ELF file, the only kind Lambda runs; None for other bytes."""
    if data[:6] != b"\x7fELF\x02\x01":
        return None
    try:
        return _read(data)
    except (struct.error, IndexError, ValueError):
        return None  # truncated or stripped of its sections: nothing can be said


def _read(data: bytes) -> Needs:
    (table,) = struct.unpack_from("<Q", data, 0x28)
    size, count = struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQII", data, table + i * size) for i in range(count)]
    wanted: list[Version] = []
    offered: list[Version] = []
    for _, kind, _, _, offset, _, link, entries in sections:
        if kind == _VERSIONS_NEEDED:
            wanted += _needed(data, offset, entries, sections[link][4])
        elif kind == _VERSIONS_DEFINED:
            offered += _defined(data, offset, entries, sections[link][4])
    return Needs(max(wanted, default=None), max(offered, default=None))


def _needed(data: bytes, offset: int, libraries: int, strings: int) -> list[Version]:
    """Walk the list of libraries (Verneed) and, in each, the list of versions (Vernaux)."""
    found = []
    for _ in range(libraries):
        _, versions, _, first, following = struct.unpack_from("<HHIII", data, offset)
        position = offset + first
        for _ in range(versions):
            _, _, _, name, step = struct.unpack_from("<IHHII", data, position)
            found += _version(data, strings + name)
            position += step
        offset += following
    return found


def _defined(data: bytes, offset: int, definitions: int, strings: int) -> list[Version]:
    """Walk the list of definitions (Verdef); the name is in the first Verdaux of each."""
    found = []
    for _ in range(definitions):
        first, following = struct.unpack_from("<II", data, offset + 12)
        (name,) = struct.unpack_from("<I", data, offset + first)
        found += _version(data, strings + name)
        offset += following
    return found


def _version(data: bytes, position: int) -> list[Version]:
    """The version in a string, as numbers; empty for other names such as GLIBC_PRIVATE."""
    text = data[position : data.index(b"\0", position)]
    number = text.removeprefix(_PREFIX)
    if text == number or not number.replace(b".", b"").isdigit():
        return []
    return [tuple(int(part) for part in number.split(b"."))]
