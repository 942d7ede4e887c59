"""Pictures in a form that an engine reads."""

from ..data_uris import decode_data_uri
from ..images import read_image
from .changes import Change
from .table import Engine

_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}


def picture_for(engine: Engine, uri: str, path: str, changes: list[Change]) -> str:
    """Return the data URI that the engine is sent, re-encoded where it would not read this one.

    Raises `InvalidImageError` for a data URI that is broken, and for a picture that neither the
    engine nor this package reads.
    """
    _, data = decode_data_uri(uri)
    if _format(data) in engine.pictures:
        return uri
    image = read_image(data, longest_side=None)
    kept = ", ".join(image.changes)
    changes.append(Change(path, f"{image.original_format} is not read by {engine.label}: {kept}."))
    return image.data_uri


def _format(data: bytes) -> str:
    """Tell the format by the bytes: what a data URI claims may be wrong."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((name for start, name in _BEGINNINGS.items() if data.startswith(start)), "")
