"""The facts that a picture file declares, before anything is decoded."""

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


def ordered(names: list[str]) -> tuple[str, ...]:
    """Return the non-empty names without duplicates, in order of first appearance."""
    return tuple(name for name in dict.fromkeys(names) if name)
