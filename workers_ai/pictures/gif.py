"""The blocks of a GIF file."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from .container import Container, DamagedError, unique

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_COMMENT, _APPLICATION = 0xFE, 0xFF
_HAS_TABLE, _TABLE_SIZE = 0x80, 0x07
_HEADER = 13
_MOST_STEPS = 400_000
"""The limit of blocks and sub-blocks read; beyond it the frame count is a lower bound."""


class _Block(NamedTuple):
    kind: int
    start: int
    end: int


def read_gif(data: bytes) -> Container:
    """Keep the file up to the end of its first frame, and count the frames.

    The first frame can be larger than the screen declared in the header; the larger size is used.
    """
    blocks = list(_blocks(data))
    images = [block for block in blocks if block.kind == _IMAGE]
    if not images:
        raise DamagedError("no frame")
    removed = [_name(data, block) for block in blocks]
    width, height = _size(data, images[0])
    first = data[: images[0].end] + bytes([_TRAILER])
    return Container("GIF", width, height, first, len(images), removed=unique(removed))


def _size(data: bytes, image: _Block) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    left, top, wide, high = struct.unpack_from("<HHHH", data, image.start + 1)
    return max(width, left + wide), max(height, top + high)


def _blocks(data: bytes) -> Iterator[_Block]:
    position, steps = _HEADER + _table_bytes(data[10]), 0
    while position < len(data) and steps < _MOST_STEPS:
        start, kind = position, data[position]
        if kind == _TRAILER:
            yield _Block(kind, start, start + 1)
            return
        position, passed = _pass(data, position + _head_bytes(data, position), _MOST_STEPS - steps)
        steps += passed
        yield _Block(kind, start, position)


def _head_bytes(data: bytes, position: int) -> int:
    """Return the bytes before the chain of sub-blocks; unknown kinds are read as such a chain."""
    if data[position] == _EXTENSION:
        return 2
    if data[position] == _IMAGE:
        return 11 + _table_bytes(data[position + 9])
    return 1


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & _TABLE_SIZE) + 1) if flags & _HAS_TABLE else 0


def _pass(data: bytes, position: int, most_steps: int) -> tuple[int, int]:
    """Skip length-prefixed sub-blocks up to the empty one that ends the chain."""
    steps = 1
    while position < len(data) and data[position] and steps < most_steps:
        position += 1 + data[position]
        steps += 1
    return position + 1, steps


def _name(data: bytes, block: _Block) -> str:
    if block.kind == _TRAILER:
        return "appended bytes" if data[block.end :].strip(b"\0") else ""
    if block.kind != _EXTENSION:
        return ""
    if data[block.start + 1] == _COMMENT:
        return "comment"
    is_application = data[block.start + 1] == _APPLICATION
    is_xmp = is_application and data[block.start + 3 : block.start + 11] == b"XMP Data"
    return "XMP" if is_xmp else ""
