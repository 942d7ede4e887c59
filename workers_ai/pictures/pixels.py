"""Decoding of a picture into upright, opaque sRGB pixels of the requested size."""

from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

from PIL import Image

from ..errors import InvalidImageError
from .colors import on_white, to_eight_bits, to_srgb
from .container import Container, shown_size, unique
from .exif import UPRIGHT, Exif, read_exif
from .picture_reader import check_size, damaged

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIRST_ON_SIDE = 5
"""From this orientation on, width and height are swapped."""

_REDUCING_GAP = 3.0
"""How much larger than the result a first, fast reduction stays; 3 loses no visible quality."""

Fit = Callable[[int, int], tuple[int, int]]
"""Returns the size to send for the stored size."""


class Decoded(NamedTuple):
    """The pixels, and what was changed."""

    image: Image.Image
    """Mode RGB, without any metadata."""

    width: int
    """The upright width of the original."""

    height: int
    changes: tuple[str, ...]
    """Short notes, such as "turned upright"."""


def decode(container: Container, fit: Fit) -> Decoded:
    """Decode the first frame, or raise InvalidImageError."""
    try:
        return _decode(container, fit)
    except InvalidImageError:
        raise
    # Decoders can raise anything on hostile bytes: Pillow has no common error class.
    except Exception as error:
        raise damaged(container.format) from error


def _decode(container: Container, fit: Fit) -> Decoded:
    with Image.open(BytesIO(container.pixels), formats=[container.format]) as opened:
        check_size(container.format, *opened.size)
        stored = opened.size
        size = fit(*stored)
        opened.draft(None, size)
        opened.load()
        exif = read_exif(container.exif or opened.info.get("exif", b""))
        about = [_frames(container, opened), *_removed(container, opened, exif)]
        profile = opened.info.get("icc_profile")
        shallow, deep = to_eight_bits(opened)
        opaque, layered = on_white(shallow)
    converted, colors = to_srgb(_resized(opaque, size), profile)
    upright, turned = _upright(converted, exif.orientation)
    width, height = _swapped(stored, exif.orientation)
    scaled = _scaled((width, height), upright.size)
    changes = unique([turned, scaled, deep, layered, colors, *about])
    return Decoded(upright, width, height, changes)


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    if image.width <= size[0] and image.height <= size[1]:
        return image.resize(size, Image.Resampling.NEAREST)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)


def _upright(image: Image.Image, orientation: int) -> tuple[Image.Image, str]:
    if orientation == UPRIGHT:
        return image, ""
    return image.transpose(_TURNS[orientation]), "turned upright"


def _swapped(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation >= _FIRST_ON_SIDE else size


def _scaled(before: tuple[int, int], after: tuple[int, int]) -> str:
    if before == after:
        return ""
    verb = "enlarged" if before[0] <= after[0] and before[1] <= after[1] else "scaled"
    return f"{verb} from {shown_size(*before)}"


def _frames(container: Container, opened: Image.Image) -> str:
    count = max(container.frames, getattr(opened, "n_frames", 1))
    unit = "pages" if container.format == "TIFF" else "frames"
    return f"first of {count:,} {unit}" if count > 1 else ""


def _removed(container: Container, opened: Image.Image, exif: Exif) -> list[str]:
    names = ["GPS"] if exif.has_gps else []
    names += ["EXIF"] if opened.info.get("exif") and not container.exif else []
    names += ["XMP"] if opened.info.get("xmp") else []
    return [f"{name} removed" for name in (*names, *container.removed)]
