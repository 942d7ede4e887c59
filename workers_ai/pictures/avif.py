"""The size of an AVIF file."""

import re

from .container import Container, DamagedError

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
