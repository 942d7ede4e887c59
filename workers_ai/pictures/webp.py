"""The chunks of a WebP file."""

import struct
from collections.abc import Iterator

from .container import Container, DamagedError, unique

_HEADER = 12
_NAMES = {b"EXIF": "EXIF", b"XMP ": "XMP"}


def read_webp(data: bytes) -> Container:
    """Read the canvas size before a decoder allocates memory for it."""
    chunks = list(_chunks(data))
    if not chunks:
        raise DamagedError("no chunk")
    width, height = _size(*chunks[0])
    frames = sum(kind == b"ANMF" for kind, _ in chunks)
    exif = next((body for kind, body in chunks if kind == b"EXIF"), b"")
    removed = [_NAMES.get(kind, "") for kind, _ in chunks]
    end = 8 + int.from_bytes(data[4:8], "little")
    if data[end:].strip(b"\0"):
        removed.append("appended bytes")
    return Container("WEBP", width, height, data[:end], max(1, frames), exif, unique(removed))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = _HEADER
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while position + 8 <= end:
        kind, length = struct.unpack_from("<4sL", data, position)
        yield kind, data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise DamagedError("the first chunk is not a picture")
