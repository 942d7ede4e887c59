"""Pictures in a format that an engine reads."""

from workers_ai import read_image
from workers_ai.images import decode_data_uri

from .changes import Change
from .engine_table import Engine

_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}


def picture_for(engine: Engine, uri: str, path: str, changes: list[Change]) -> str:
    """Return the data URI to send, re-encoded if the engine does not read this format.

    Raises `InvalidImageError` for a broken data URI, and for a picture that neither the engine nor
    this package can read.
    """
    _, data = decode_data_uri(uri)
    if _format(data) in engine.pictures:
        return uri
    image = read_image(data, longest_side=None)
    kept = ", ".join(image.changes)
    changes.append(Change(path, f"{engine.label} does not read {image.original_format}: {kept}."))
    return image.data_uri


def _format(data: bytes) -> str:
    """Return the format by its first bytes: a data URI's media type can be wrong."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((name for start, name in _BEGINNINGS.items() if data.startswith(start)), "")
