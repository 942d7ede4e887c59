"""Preparation of pictures for sending: upright, opaque, sRGB, a sensible size, no metadata."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from .errors import InvalidImageError
from .pictures.container import Container, fitted_size
from .pictures.formats import MEDIA_TYPES
from .pictures.picture_reader import LARGEST_BYTES, read_container

if TYPE_CHECKING:
    from .pictures.encoding import Encoded
    from .pictures.pixels import Decoded, Fit

LARGEST_FILE = LARGEST_BYTES
"""Bytes of a picture as it is uploaded."""

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
    decoded, file = _redraw(
        container, lambda width, height: fitted_size(width, height, longest_side)
    )
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
    return _redrawn(image, lambda width, height: fitted_size(width, height, side))


def _redrawn(image: EncodedImage | bytes, fit: "Fit") -> bytes:
    _, file = _redraw(read_container(image if isinstance(image, bytes) else image.data), fit)
    return file.data


def _redraw(container: Container, fit: "Fit") -> "tuple[Decoded, Encoded]":
    # Pillow is loaded with the first picture, not with the client.
    from .pictures.encoding import encode  # noqa: PLC0415
    from .pictures.pixels import decode  # noqa: PLC0415

    decoded = decode(container, fit)
    return decoded, encode(decoded.image, was_lossy=container.format == "JPEG")


def _label(name: str) -> str:
    """Return a file name for a message, shortened and without non-printable characters."""
    shown = "".join(character for character in name if character.isprintable()).strip()
    if len(shown) > _LONGEST_LABEL:
        shown = f"{shown[: _LONGEST_LABEL - 1]}…"
    return f"{shown}: " if shown else ""


_HEAD = re.compile(r"data:([\w.+-]+/[\w.+-]+)((?:;[^;,]*)*),", re.ASCII)


def encode_data_uri(media_type: str, data: bytes) -> str:
    """Return `data` as a data URI, such as `data:image/png;base64,…`."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def decode_data_uri(uri: str) -> tuple[str, bytes]:
    """Return the media type, in lower case, and the bytes of a base64 data URI.

    The media type is what the URI claims; the bytes are not checked against it. Raises
    InvalidImageError if the URI is of another kind or its base64 is invalid.
    """
    head = _HEAD.match(uri)
    if head is None:
        raise InvalidImageError(
            "A picture must be a data URI with a media type, such as data:image/png;base64,…"
        )
    if not head[2].lower().endswith(";base64"):
        raise InvalidImageError("The data URI is not base64. Write ;base64, before the data.")
    return head[1].lower(), _decode_base64(uri[head.end() :])


def _decode_base64(text: str) -> bytes:
    try:
        plain = unquote_to_bytes(text) if "%" in text else text.encode("ascii")
        data = base64.b64decode(b"".join(plain.split()), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidImageError(
            "The base64 of the data URI is invalid: it is cut off or contains other characters."
        ) from error
    if not data:
        raise InvalidImageError("The data URI is empty.")
    return data
