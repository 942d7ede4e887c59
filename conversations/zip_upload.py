"""Uploaded pictures: single files, or a zip of many."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from workers_ai import InvalidImageError
from workers_ai.images import LARGEST_FILE

MOST_FILES = 1000
"""Files that are read from one zip."""

LARGEST_UNPACKED = 2_000_000_000
"""Bytes unpacked from one zip in total: a small zip can expand to more than a disk."""

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1


def uploaded_pictures(data: bytes, name: str) -> Iterator[tuple[str, bytes | InvalidImageError]]:
    """Yield the files in a zip one at a time, each with its bytes or the reason it is unreadable.

    Anything else is yielded as it is. Folders and the hidden files of operating systems are
    skipped. Nothing is written to disk, and no more is unpacked than a picture can have.
    """
    if not data.startswith(_SIGNATURES):
        yield name, data
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        yield name, InvalidImageError(f"{name}: this zip is damaged. Zip the pictures again.")
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
            yield name, InvalidImageError(f"{name}: it unpacks to more than 2 GB. Split it.")
            return
        found = _entry(archive, entry)
        left -= len(found) if isinstance(found, bytes) else 0
        yield entry.filename, found
    if len(entries) > MOST_FILES:
        more = len(entries) - MOST_FILES
        sentence = f"{name}: it exceeds the limit of {MOST_FILES:,} files by {more:,}."
        yield name, InvalidImageError(sentence)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | InvalidImageError:
    if entry.flag_bits & _ENCRYPTED:
        return InvalidImageError(f"{entry.filename}: it is protected by a password.")
    if entry.file_size > LARGEST_FILE:
        return InvalidImageError(f"{entry.filename}: it is larger than 50 MB.")
    try:
        with archive.open(entry) as file:
            # The size in the zip can be wrong.
            return file.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        return InvalidImageError(f"{entry.filename}: it is damaged or uses unusual compression.")


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return not entry.is_dir() and not hidden and path.name != "Thumbs.db"
