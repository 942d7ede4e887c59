"""What a picture's file says about itself before anything is decoded."""

from dataclasses import dataclass


class DamagedError(ValueError):
    """The file breaks its own format; never leaves this package."""


@dataclass(frozen=True, slots=True)
class Container:
    """One file, reduced to what its pixels need.

    A decoder only ever sees `pixels`: text chunks, camera data, further frames and whatever was
    appended are gone by then, and so are the faults that hide in them.
    """

    format: str
    """Pillow's name of the format, as `JPEG`."""

    width: int
    height: int
    pixels: bytes
    """A file of the same format: the first frame and its colours, nothing else that can be left."""

    frames: int = 1
    exif: bytes = b""
    """The EXIF block, from its TIFF header on."""

    removed: tuple[str, ...] = ()
    """What else was found and left out, as `XMP`, in the order of the file."""


def ordered(names: list[str]) -> tuple[str, ...]:
    """Each name once, in the order of its first appearance; an empty one is none."""
    return tuple(name for name in dict.fromkeys(names) if name)
