"""The segments of a JPEG file."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .container import Container, DamagedError, unique

_SOI = b"\xff\xd8"
_EOI, _SOS, _COM = 0xD9, 0xDA, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APPLICATION = range(0xE0, 0xF0)

# The color encoding and profile: without these the colors are wrong.
_COLOR = (b"JFIF\0", b"ICC_PROFILE\0", b"Adobe")

# In scan data FF is followed by 00 or a restart marker; anything else is the next segment.
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")

_KNOWN = (
    (0xE1, b"Exif\0", "EXIF"),
    (0xE1, b"http://ns.adobe.com/xap/", "XMP"),
    (0xE1, b"http://ns.adobe.com/xmp/", "XMP"),
    (0xED, b"Photoshop", "IPTC"),
    (0xE2, b"MPF\0", "further pictures"),
    (0xEB, b"JP", "content credentials"),
)


class _Segment(NamedTuple):
    marker: int
    start: int
    body: bytes
    end: int


def read_jpeg(data: bytes) -> Container:
    """Keep the tables, the scans, and the segments that define the colors."""
    kept, removed, exif, size = [_SOI], [], b"", None
    for segment in _segments(data):
        if segment.marker == _EOI:
            if data[segment.end :].strip(b"\0"):
                removed.append("appended bytes")
        elif _is_metadata(segment):
            removed.append(_name(segment))
            exif = exif or _exif(segment)
            continue
        elif segment.marker in _FRAMES:
            size = _size(segment.body)
        kept.append(data[segment.start : segment.end])
    if size is None:
        raise DamagedError("no frame header")
    return Container("JPEG", *size, b"".join(kept), exif=exif, removed=unique(removed))


def _segments(data: bytes) -> Iterator[_Segment]:
    """Yield each segment, a scan with its data, up to the end of the picture or file."""
    position = len(_SOI)
    while match := _NEXT_MARKER.search(data, position):
        marker, start, body = match[1][0], match.start(), match.end()
        if marker == _EOI:
            yield _Segment(marker, start, b"", body)
            return
        end = body + int.from_bytes(data[body : body + 2], "big")
        if end < body + 2 or end > len(data):
            raise DamagedError("a segment extends past the end of the file")
        position = _scan_end(data, end) if marker == _SOS else end
        yield _Segment(marker, start, data[body + 2 : end], position)


def _scan_end(data: bytes, start: int) -> int:
    match = _NEXT_MARKER.search(data, start)
    return match.start() if match else len(data)


def _is_metadata(segment: _Segment) -> bool:
    if segment.marker == _COM:
        return True
    if segment.marker not in _APPLICATION:
        return False
    return not segment.body.startswith(_COLOR)


def _name(segment: _Segment) -> str:
    if segment.marker == _COM:
        return "comment"
    for marker, start, name in _KNOWN:
        if segment.marker == marker and segment.body.startswith(start):
            return name
    return "application data"


def _exif(segment: _Segment) -> bytes:
    return segment.body[6:] if _name(segment) == "EXIF" else b""


def _size(body: bytes) -> tuple[int, int]:
    return int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big")
