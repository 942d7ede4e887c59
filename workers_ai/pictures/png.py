"""The chunks of a PNG file."""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from .container import Container, DamagedError, unique

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_NAMES = {b"eXIf": "EXIF", b"tEXt": "comment", b"zTXt": "comment", b"iTXt": "comment"}
_LARGEST_PROFILE = 1_000_000
"""Bytes of an inflated color profile; above one mebibyte Pillow refuses the picture."""


class _Chunk(NamedTuple):
    kind: bytes
    body: bytes
    whole: bytes
    end: int


def read_png(data: bytes) -> Container:
    """Keep the default image, its palette and its color profile.

    In an animation the default image is what a viewer without animation support shows. The
    checksums of the kept chunks must be correct: a wrong one means corrupted pixels.
    """
    kept, removed, exif, frames = [_SIGNATURE], [], b"", 1
    chunks = list(_chunks(data))
    if chunks[0].kind != b"IHDR":
        raise DamagedError("the header is not first")
    for chunk in chunks:
        if chunk.kind in _NEEDED or _is_small_profile(chunk):
            _check(chunk)
            kept.append(chunk.whole)
        elif name := _name(chunk):
            removed.append(name)
        if chunk.kind == b"eXIf":
            exif = chunk.body
        elif chunk.kind == b"acTL":
            frames = max(1, int.from_bytes(chunk.body[:4], "big"))
    if data[chunks[-1].end :].strip(b"\0"):
        removed.append("appended bytes")
    width, height = struct.unpack_from(">LL", chunks[0].body)
    return Container("PNG", width, height, b"".join(kept), frames, exif, unique(removed))


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Yield each chunk up to the last, IEND."""
    position, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">L4s", data, position)
        end = position + 12 + length
        if end > len(data):
            raise DamagedError("a chunk extends past the end of the file")
        yield _Chunk(kind, data[position + 8 : end - 4], data[position:end], end)
        position = end


def _check(chunk: _Chunk) -> None:
    if zlib.crc32(chunk.whole[4:-4]) != int.from_bytes(chunk.whole[-4:], "big"):
        raise DamagedError("a checksum is wrong")


def _is_small_profile(chunk: _Chunk) -> bool:
    if chunk.kind != b"iCCP":
        return False
    method_and_profile = chunk.body.partition(b"\0")[2]
    try:
        profile = zlib.decompressobj().decompress(method_and_profile[1:], _LARGEST_PROFILE)
    except zlib.error:
        return False
    return method_and_profile[:1] == b"\0" and 0 < len(profile) < _LARGEST_PROFILE


def _name(chunk: _Chunk) -> str:
    if chunk.kind == b"iTXt" and chunk.body.startswith(b"XML:com.adobe.xmp\0"):
        return "XMP"
    if chunk.kind == b"iCCP":
        return "unusable color profile"
    return _NAMES.get(chunk.kind, "")
