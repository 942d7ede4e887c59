"""The two facts of an EXIF block that matter here: which way is up, and whether it tells a place.

Pillow's own reader warns and fails on damaged blocks; this one looks at two tags only.
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
    """What a block says; a damaged one says nothing."""

    orientation: int = UPRIGHT
    """1 to 8, as EXIF counts them."""

    has_gps: bool = False


def read_exif(block: bytes) -> Exif:
    """Read `block`, with or without the `Exif` mark that JPEG puts before it."""
    block = block.removeprefix(b"Exif\0\0")
    try:
        directory = read_directory(block, first_offset(block))
    except (DamagedError, struct.error):
        return Exif()
    orientation = directory.number(ORIENTATION) or UPRIGHT
    if orientation > _LAST_ORIENTATION:
        orientation = UPRIGHT
    return Exif(orientation, GPS in directory.entries)
