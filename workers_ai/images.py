"""Preparation of pictures for sending: upright, opaque, sRGB, a sensible size, no metadata."""

import hashlib
from dataclasses import dataclass, field

from .data_uris import encode_data_uri
from .errors import InvalidImageError
from .pictures.encoding import encode
from .pictures.formats import MEDIA_TYPES
from .pictures.pixels import Fit, decode
from .pictures.reading import read_container
from .pictures.sizes import sent_size

LONGEST_SIDE = 1792
"""Twice the model's input size, for engines that crop large pictures (wire.md 4.2)."""

MODEL_SIDE = 896
"""Pixels: Gemma 3 sees every picture as a square of this side (wire.md 4.2)."""

THUMBNAIL_SIDE = 320
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """A picture as sent, with facts about the original."""

    data: bytes = field(repr=False)
    media_type: str
    """The media type of `data`: `image/jpeg` or `image/png`."""

    width: int
    height: int
    original_format: str
    """Pillow's name of the format, such as `JPEG`, `PNG`, `WEBP`."""

    original_width: int
    """Measured upright, like `width`."""

    original_height: int
    original_bytes: int
    changes: tuple[str, ...] = ()
    """What was changed, such as "turned upright", "GPS removed"."""

    @property
    def data_uri(self) -> str:
        """The value of `image_url.url` in a request."""
        return encode_data_uri(self.media_type, self.data)

    @property
    def sha256(self) -> str:
        """The SHA-256 hash of `data`, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def original_media_type(self) -> str:
        """The media type of the original, such as `image/webp`."""
        return MEDIA_TYPES[self.original_format]


def read_image(
    data: bytes, *, name: str = "", longest_side: int | None = LONGEST_SIDE
) -> EncodedImage:
    """Prepare the bytes of a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file for sending.

    The result is always re-encoded from the pixels of the first frame, so nothing else in the file
    is sent. `longest_side` is in pixels; None keeps the size. Raises InvalidImageError, labeled
    with `name`, with the reason why the picture cannot be used and what to do.
    """
    if longest_side is not None and longest_side < 1:
        raise ValueError("longest_side must be a positive number of pixels, or None")
    try:
        return _read(data, longest_side)
    except InvalidImageError as error:
        raise InvalidImageError(f"{_label(name)}{error.message}") from error.__cause__


def _read(data: bytes, longest_side: int | None) -> EncodedImage:
    container = read_container(data)
    decoded = decode(container, lambda width, height: sent_size(width, height, longest_side))
    file = encode(decoded.image, was_lossy=container.format == "JPEG")
    return EncodedImage(
        data=file.data,
        media_type=MEDIA_TYPES[file.format],
        width=decoded.image.width,
        height=decoded.image.height,
        original_format=container.format,
        original_width=decoded.width,
        original_height=decoded.height,
        original_bytes=len(data),
        changes=(*decoded.changes, *_encoding(container.format, file.format)),
    )


def _encoding(before: str, after: str) -> tuple[str, ...]:
    return () if before == after == "PNG" else (f"re-encoded as {after}",)


def model_view(image: EncodedImage | bytes) -> bytes:
    """Return the square of 896 pixels that the model sees, stretched to fit, as JPEG or PNG."""
    return _redrawn(image, lambda _width, _height: (MODEL_SIDE, MODEL_SIDE))


def thumbnail(image: EncodedImage | bytes, side: int = THUMBNAIL_SIDE) -> bytes:
    """Return a small copy for lists, as JPEG or PNG with at most `side` pixels on a side."""
    return _redrawn(image, lambda width, height: sent_size(width, height, side))


def _redrawn(image: EncodedImage | bytes, fit: Fit) -> bytes:
    container = read_container(image if isinstance(image, bytes) else image.data)
    decoded = decode(container, fit)
    return encode(decoded.image, was_lossy=container.format == "JPEG").data


def _label(name: str) -> str:
    """Return a file name for a message, shortened and without non-printable characters."""
    shown = "".join(character for character in name if character.isprintable()).strip()
    if len(shown) > _LONGEST_LABEL:
        shown = f"{shown[: _LONGEST_LABEL - 1]}…"
    return f"{shown}: " if shown else ""
