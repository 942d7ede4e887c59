"""The reader of any supported container, with limits that apply before anything is decoded."""

import struct
from collections.abc import Callable

from ..errors import InvalidImageError
from .container import Container, DamagedError, read_avif, read_bmp, shown_size
from .formats import sniff
from .gif import read_gif
from .jpeg import read_jpeg
from .png import read_png
from .tiff import read_tiff
from .webp import read_webp

LARGEST_BYTES = 50_000_000
LARGEST_PIXELS = 40_000_000
"""Enough for an 8K screen; 320 MB in memory for two copies, with and without transparency."""
LARGEST_JPEG_PIXELS = 70_000_000
"""Enough for a 64-megapixel phone: a JPEG is scaled while it is decoded."""
LONGEST_SIDE = 65_500
"""The limit of the JPEG format."""

_READERS: dict[str, Callable[[bytes], Container]] = {
    "JPEG": read_jpeg,
    "PNG": read_png,
    "WEBP": read_webp,
    "GIF": read_gif,
    "BMP": read_bmp,
    "TIFF": read_tiff,
    "AVIF": read_avif,
}


def read_container(data: bytes) -> Container:
    """Read what `data` declares, or raise InvalidImageError with the reason and what to do."""
    if not data:
        raise InvalidImageError("The file is empty. Choose another one.")
    if len(data) > LARGEST_BYTES:
        raise InvalidImageError(
            f"The file is {len(data) / 1e6:,.0f} MB; the limit is {LARGEST_BYTES / 1e6:,.0f} MB. "
            "Save a smaller copy."
        )
    name = sniff(data)
    try:
        container = _READERS[name](data)
    except (DamagedError, struct.error, IndexError) as error:
        raise damaged(name) from error
    check_size(name, container.width, container.height)
    return container


def check_size(name: str, width: int, height: int) -> None:
    """Raise InvalidImageError for a size that cannot be decoded in bounded time and memory."""
    if width < 1 or height < 1:
        raise InvalidImageError(
            f"The picture declares a size of {shown_size(width, height)} pixels. Save it again."
        )
    most = LARGEST_JPEG_PIXELS if name == "JPEG" else LARGEST_PIXELS
    if width * height > most or max(width, height) > LONGEST_SIDE:
        raise InvalidImageError(
            f"The picture has {shown_size(width, height)} pixels; the limit is "
            f"{most // 1_000_000} megapixels and {LONGEST_SIDE:,} on a side. "
            "Save a smaller copy."
        )


def damaged(name: str) -> InvalidImageError:
    """Return the error for a file of format `name` that cannot be read completely."""
    return InvalidImageError(
        f"The {name} file is damaged or incomplete. Open it in another program and save it again."
    )
