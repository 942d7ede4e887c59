"""Encoding of pixels in the format that suits them: flat graphics as PNG, photos as JPEG."""

from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageChops

_QUALITY = 88
_ROWS = 256
"""Rows sampled across the picture."""

_PHOTO = 0.25
"""Below this share of equal neighbors a picture is a photo, and PNG is not tried."""

_MOST_TIMES_LARGER = 3
_SMALL_BYTES = 400_000
"""A PNG below this size is never replaced by a JPEG."""


class Encoded(NamedTuple):
    """A file without metadata."""

    format: str
    data: bytes


def encode(image: Image.Image, *, was_lossy: bool) -> Encoded:
    """Encode RGB pixels; a JPEG stays a JPEG.

    Graphics are encoded losslessly, unless their PNG is large and several times the JPEG's size.
    """
    if was_lossy or flatness(image) < _PHOTO:
        return _jpeg(image)
    png = _png(image)
    if len(png.data) <= _SMALL_BYTES:
        return png
    jpeg = _jpeg(image)
    return jpeg if len(png.data) > _MOST_TIMES_LARGER * len(jpeg.data) else png


def flatness(image: Image.Image) -> float:
    """Return the share of pixels that equal their right-hand neighbor, 0 to 1."""
    width, height = image.size
    rows = image.resize((width, min(height, _ROWS)), Image.Resampling.NEAREST)
    left, right = (rows.crop((x, 0, x + width - 1, rows.height)) for x in (0, 1))
    bands = ImageChops.difference(left, right).split()
    largest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return largest.histogram()[0] / (largest.width * largest.height)


def _png(image: Image.Image) -> Encoded:
    return Encoded("PNG", _saved(image, "PNG"))


def _jpeg(image: Image.Image) -> Encoded:
    return Encoded("JPEG", _saved(image, "JPEG", quality=_QUALITY, optimize=True))


def _saved(image: Image.Image, name: str, **options: int) -> bytes:
    # Pillow would save the color profile, comment and so on from here.
    image.info.clear()
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()
