"""Pictures as people have them: single files, or many in a zip."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from .errors import InvalidImageError
from .pictures.reading import LARGEST_BYTES

MOST_FILES = 1000
"""Files that are taken from one zip."""

LARGEST_UNPACKED = 2_000_000_000
"""Bytes that are unpacked of one zip, in all: a small one may hold more than a disk."""

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1


def picture_files(data: bytes, name: str) -> Iterator[tuple[str, bytes | InvalidImageError]]:
    """Yield the files in a zip, one at a time, each with its bytes or why it cannot be read.

    Anything else is yielded as it is. Folders and what systems put beside files are left out.
    Nothing is written to a disk, and no more is unpacked than a picture may have.
    """
    if not data.startswith(_SIGNATURES):
        yield name, data
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        yield name, InvalidImageError(f"{name}: this zip is damaged. Pack the pictures anew.")
        return
    with archive:
        yield from _unpacked(archive, name)


def _unpacked(
    archive: zipfile.ZipFile, name: str
) -> Iterator[tuple[str, bytes | InvalidImageError]]:
    left = LARGEST_UNPACKED
    entries = [each for each in archive.infolist() if _is_wanted(each)]
    for entry in entries[:MOST_FILES]:
        if entry.file_size > left:
            yield name, InvalidImageError(f"{name}: it unpacks to more than 2 GB. Use several.")
            return
        found = _entry(archive, entry)
        left -= len(found) if isinstance(found, bytes) else 0
        yield entry.filename, found
    if len(entries) > MOST_FILES:
        more = len(entries) - MOST_FILES
        sentence = f"{name}: it has {more:,} files more than the {MOST_FILES:,} that are taken."
        yield name, InvalidImageError(sentence)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | InvalidImageError:
    if entry.flag_bits & _ENCRYPTED:
        return InvalidImageError(f"{entry.filename}: it is locked by a password.")
    if entry.file_size > LARGEST_BYTES:
        return InvalidImageError(f"{entry.filename}: it has more than 50 MB.")
    try:
        with archive.open(entry) as file:
            # The zip may lie about the size.
            return file.read(LARGEST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        return InvalidImageError(f"{entry.filename}: it is damaged, or packed in an unusual way.")


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return not entry.is_dir() and not hidden and path.name != "Thumbs.db"
