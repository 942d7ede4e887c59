"""The two facts of an EXIF block that matter here: orientation, and whether it has GPS data.

Pillow's own reader warns and fails on damaged blocks; this one reads two tags only.
"""

import struct
from typing import NamedTuple

from .container import DamagedError
from .ifd import first_offset, read_directory

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
