"""Pictures from an imported file: accepted byte for byte if they contain only pixels."""

import hashlib
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from workers_ai import InvalidImageError, read_image
from workers_ai.images import decode_data_uri

from .export_format import MEDIA_TYPES
from .import_faults import Faults

MOST_PIXELS = 4_000_000_000
"""In all pictures of one file together, because decoding them takes time."""

_SMALL_SIDE = 320
"""The longest side of a thumbnail, as in `workers_ai.thumbnail`."""

_NOT_ABOUT_CONTENT = ("scaled from", "enlarged from", "re-encoded as")

_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_JFIF = re.compile(rb"\xff\xd8(?:\xff\xe0\x00\x10JFIF\x00.{7}\x00\x00)?", re.DOTALL)
_SEGMENTS = {b"\xff\xc0", b"\xff\xc1", b"\xff\xc2", b"\xff\xc4", b"\xff\xdb", b"\xff\xdd"}
_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")


@dataclass(frozen=True)
class PlainPicture:
    """A picture that can be stored unchanged."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    thumbnail: bytes = field(repr=False)


def read_pictures(uris: Mapping[str, str], faults: Faults) -> dict[str, PlainPicture | None]:
    """Read the pictures in data URIs, keyed by their expected hash; an invalid one becomes None."""
    found: dict[str, PlainPicture | None] = dict.fromkeys(uris)
    pixels = 0
    for sha256, uri in uris.items():
        try:
            picture = found[sha256] = _read(sha256, uri)
        except InvalidImageError as error:
            faults.add(("images", sha256), error.message)
            continue
        pixels += picture.width * picture.height
        if pixels > MOST_PIXELS:
            faults.add(("images",), "together they are too large; export fewer chats at once")
            break
    return found


def _read(sha256: str, uri: str) -> PlainPicture:
    media_type, data = decode_data_uri(uri)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InvalidImageError("The SHA-256 of the bytes differs from their key.")
    picture = read_plain(data)
    if picture.media_type != media_type:
        raise InvalidImageError(f"The bytes are {picture.media_type}, not {media_type}.")
    return picture


def read_plain(data: bytes) -> PlainPicture:
    """Decode a PNG or JPEG. Raises `InvalidImageError`, also if it contains more than pixels."""
    small = read_image(data, longest_side=_SMALL_SIDE)
    if small.original_format not in MEDIA_TYPES:
        raise InvalidImageError(f"It is {small.original_format}; only PNG and JPEG are sent.")
    found = [each for each in small.changes if not each.startswith(_NOT_ABOUT_CONTENT)]
    if found:
        raise InvalidImageError(f"It is not in the form that is sent. Needed: {', '.join(found)}.")
    if not _IS_BARE[small.original_format](data):
        raise InvalidImageError("It contains bytes that are not part of the picture.")
    return PlainPicture(
        data,
        MEDIA_TYPES[small.original_format],
        small.original_width,
        small.original_height,
        small.data,
    )


def _is_bare_png(data: bytes) -> bool:
    end = 8
    for kind, end in _chunks(data):  # noqa: B007 - the last end is needed
        if kind not in _CHUNKS:
            return False
    return end == len(data)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int]]:
    position, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">L4s", data, position)
        position += 12 + length
        yield kind, position


def _is_bare_jpeg(data: bytes) -> bool:
    """Return whether known segments follow one another without a gap up to the end."""
    start = _JFIF.match(data)
    position = start.end() if start else 0
    while (marker := data[position : position + 2]) in _SEGMENTS | {_SCAN}:
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == _SCAN:
            following = _NEXT_MARKER.search(data, position)
            position = following.start() if following else len(data)
    return data[position:] == _END


_IS_BARE: Mapping[str, Callable[[bytes], bool]] = {"PNG": _is_bare_png, "JPEG": _is_bare_jpeg}
