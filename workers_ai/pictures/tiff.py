"""The directories of a TIFF file."""

import struct

from .container import Container, DamagedError, unique
from .exif import GPS, ORIENTATION, Directory, byte_order, first_offset, read_directory

_WIDTH, _HEIGHT = 256, 257
_LAYOUT = {258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 322, 323, 324, 325, 347}
_COLORS = {320, 332, 338, 339, 529, 530, 531, 532, 34675}
_NEEDED = {_WIDTH, _HEIGHT} | _LAYOUT | _COLORS
"""The tags that define how pixels are stored, and the color profile."""

_NAMES = {GPS: "EXIF", 0x8769: "EXIF", 0x010F: "EXIF", 700: "XMP", 33723: "IPTC", 34377: "IPTC"}
_DESCRIPTIONS = dict.fromkeys((269, 270, 305, 315, 316, 33432), "comment")
_MOST_PAGES = 1_000


def read_tiff(data: bytes) -> Container:
    """Keep the first page, with a new directory that contains its pixel tags only.

    The orientation is removed too: pictures of every format are rotated in one place.
    """
    page = read_directory(data, first_offset(data))
    width, height = page.number(_WIDTH), page.number(_HEIGHT)
    if width is None or height is None:
        raise DamagedError("no size")
    names = _NAMES | _DESCRIPTIONS
    removed = unique([names.get(tag, "") for tag in sorted(page.entries)])
    pixels = _with_directory(data, page)
    return Container("TIFF", width, height, pixels, _pages(data, page), _exif(page), removed)


def _with_directory(data: bytes, page: Directory) -> bytes:
    entries = [page.entries[tag] for tag in sorted(page.entries.keys() & _NEEDED)]
    padding = b"\0" * (len(data) % 2)
    header = data[:4] + struct.pack(f"{page.order}L", len(data) + len(padding))
    count = struct.pack(f"{page.order}H", len(entries))
    return b"".join([header, data[8:], padding, count, *entries, b"\0" * 4])


def _exif(page: Directory) -> bytes:
    """Return the page's orientation and GPS data as an EXIF block."""
    kept = [page.entries[tag] for tag in (ORIENTATION, GPS) if tag in page.entries]
    header = {"<": b"II*\0", ">": b"MM\0*"}[page.order]
    table = struct.pack(f"{page.order}LH", 8, len(kept))
    return b"".join([header, table, *kept, b"\0" * 4])


def _pages(data: bytes, page: Directory) -> int:
    """Count the pages, up to where the chain ends, loops or is broken."""
    seen: set[int] = set()
    byte_order(data)
    while page.next and page.next not in seen and len(seen) < _MOST_PAGES:
        seen.add(page.next)
        try:
            page = read_directory(data, page.next)
        except struct.error:
            break
    return 1 + len(seen)
