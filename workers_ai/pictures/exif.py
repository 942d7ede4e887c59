"""Tag directories of TIFF files and EXIF blocks, and the two facts of EXIF that matter here.

They are the orientation, and whether there is GPS data. Pillow's own reader warns and fails on
damaged blocks; this one reads two tags only.
"""

import struct
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .container import DamagedError

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of one value, by field type."""

_NUMBERS = {3: "H", 4: "L"}
_ENTRY = 12
_INLINE = 4


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory: its raw twelve-byte entries, and the offset of the next directory."""

    order: Literal["<", ">"]
    entries: dict[int, bytes]
    next: int

    def number(self, tag: int) -> int | None:
        """Read a short or long tag's first value; None where it is absent or of another type."""
        entry = self.entries.get(tag)
        if entry is None:
            return None
        kind: int = struct.unpack_from(f"{self.order}H", entry, 2)[0]
        if kind not in _NUMBERS:
            return None
        value: int = struct.unpack_from(self.order + _NUMBERS[kind], entry, 8)[0]
        return value


def byte_order(data: bytes) -> Literal["<", ">"]:
    """Read the byte order mark of a TIFF header."""
    if data[:2] == b"II":
        return "<"
    if data[:2] == b"MM":
        return ">"
    raise DamagedError("no byte order mark")


def first_offset(data: bytes) -> int:
    """Return the offset of the first directory."""
    offset: int = struct.unpack_from(f"{byte_order(data)}L", data, 4)[0]
    return offset


def read_directory(data: bytes, offset: int) -> Directory:
    """Read the directory at `offset`, without entries whose values lie outside the file."""
    order = byte_order(data)
    count: int = struct.unpack_from(f"{order}H", data, offset)[0]
    end = offset + 2 + count * _ENTRY
    following: int = struct.unpack_from(f"{order}L", data, end)[0]
    entries = {}
    for start in range(offset + 2, end, _ENTRY):
        entry = data[start : start + _ENTRY]
        if _fits(order, entry, len(data)):
            entries[struct.unpack_from(f"{order}H", entry)[0]] = entry
    return Directory(order, entries, following)


def _fits(order: str, entry: bytes, length: int) -> bool:
    kind, count, offset = struct.unpack_from(f"{order}HLL", entry, 2)
    size: int = _SIZES.get(kind, 0) * count
    return 0 < size <= _INLINE or 0 < size <= length - int(offset)


ORIENTATION = 0x0112
GPS = 0x8825
UPRIGHT = 1
_LAST_ORIENTATION = 8


class Exif(NamedTuple):
    """The facts of a block; the defaults for a damaged one."""

    orientation: int = UPRIGHT
    """1 to 8, as numbered by EXIF."""

    has_gps: bool = False


def read_exif(block: bytes) -> Exif:
    """Read `block`, with or without the `Exif` prefix of JPEG."""
    block = block.removeprefix(b"Exif\0\0")
    try:
        directory = read_directory(block, first_offset(block))
    except (DamagedError, struct.error):
        return Exif()
    orientation = directory.number(ORIENTATION) or UPRIGHT
    if orientation > _LAST_ORIENTATION:
        orientation = UPRIGHT
    return Exif(orientation, GPS in directory.entries)
