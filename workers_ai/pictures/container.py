"""The facts that a picture file declares before anything is decoded, and the sizes made of them."""

import re
import struct
from dataclasses import dataclass


class DamagedError(ValueError):
    """The file violates its own format; never raised outside this package."""


@dataclass(frozen=True, slots=True)
class Container:
    """One file, reduced to what its pixels need.

    A decoder only sees `pixels`: text chunks, camera data, other frames and appended bytes have
    been removed, along with any faults in them.
    """

    format: str
    """Pillow's name of the format, such as `JPEG`."""

    width: int
    height: int
    pixels: bytes
    """A file of the same format: the first frame and its colors, without removable data."""

    frames: int = 1
    exif: bytes = b""
    """The EXIF block, starting at its TIFF header."""

    removed: tuple[str, ...] = ()
    """What else was removed, such as `XMP`, in the order of the file."""


def unique(names: list[str]) -> tuple[str, ...]:
    """Return the non-empty names without duplicates, in order of first appearance."""
    return tuple(name for name in dict.fromkeys(names) if name)


_CORE_HEADER = 12


def read_bmp(data: bytes) -> Container:
    """Read the size; a negative height means that rows are stored from the top."""
    header: int = struct.unpack_from("<L", data, 14)[0]
    width, height = struct.unpack_from("<HH" if header == _CORE_HEADER else "<ll", data, 18)
    return Container("BMP", width, abs(height), data)


_EXTENT = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)


def read_avif(data: bytes) -> Container:
    """Read the largest extent that any item declares; the decoder finds the rest.

    The EXIF block comes from the decoder too, which includes the container's own rotation.
    """
    extents = [(_number(width), _number(height)) for width, height in _EXTENT.findall(data)]
    if not extents:
        raise DamagedError("no size")
    width, height = max(extents, key=lambda extent: extent[0] * extent[1])
    return Container("AVIF", width, height, data)


def _number(field: bytes) -> int:
    return int.from_bytes(field, "big")


SHORTEST_SIDE = 16
"""Vision models reject pictures of a few pixels (wire.md 4.2)."""


def fitted_size(width: int, height: int, longest_side: int | None) -> tuple[int, int]:
    """Return the size within `longest_side` whose shorter side is at least 16 pixels.

    A small picture is enlarged in proportion. A strip too narrow for that keeps its length: the
    model squeezes every picture into a square anyway.
    """
    longest = max(width, height)
    factor = 1.0 if longest_side is None else min(1.0, longest_side / longest)
    grown = SHORTEST_SIDE / min(width, height)
    if factor < grown and longest * grown <= (longest_side or longest):
        factor = grown
    return max(SHORTEST_SIDE, round(width * factor)), max(SHORTEST_SIDE, round(height * factor))


def shown_size(width: int, height: int) -> str:
    """Return a size as text, with a multiplication sign."""
    return f"{width}\N{MULTIPLICATION SIGN}{height}"
