"""Detection of a file's format by its first bytes, with advice for unsupported formats."""

import re

from ..errors import InvalidImageError

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
"""The supported formats, by Pillow's name."""

_ACCEPTED = "Use JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF."

_SIGNATURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}

_REFUSED = {
    b"%PDF": "This is a PDF. Save the page as PNG and send that.",
    b"%!": "This is a PostScript drawing. Export it as PNG and send that.",
    b"\xc5\xd0\xd3\xc6": "This is a PostScript drawing. Export it as PNG and send that.",
    b"PK\x03\x04": "This is a ZIP archive or an office document, not a picture.",
    b"II+\0": "This is a BigTIFF. Save it as an ordinary TIFF or as PNG.",
    b"MM\0+": "This is a BigTIFF. Save it as an ordinary TIFF or as PNG.",
    b"8BPS": "This is a Photoshop document. Export it as PNG and send that.",
    b"\xff\x0a": "JPEG XL is not supported. Save it as JPEG or PNG.",
    b"\0\0\0\x0cJXL ": "JPEG XL is not supported. Save it as JPEG or PNG.",
    b"\0\0\0\x0cjP  ": "JPEG 2000 is not supported. Save it as JPEG or PNG.",
    b"\0\0\x01\0": "This is an icon file. Save it as PNG and send that.",
}

_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:[?!]|svg|html)", re.IGNORECASE)


def sniff(data: bytes) -> str:
    """Return the format of `data`, or raise InvalidImageError with what to do instead."""
    if data[4:8] == b"ftyp":
        return _isobmff(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _supported("WEBP", "webp")
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            return name
    for signature, sentence in _REFUSED.items():
        if data.startswith(signature):
            raise InvalidImageError(sentence)
    if _MARKUP.match(data):
        raise InvalidImageError(
            "This is SVG or another kind of markup. Export it as PNG and send that."
        )
    raise InvalidImageError(f"This is not a picture in a supported format. {_ACCEPTED}")


def _isobmff(data: bytes) -> str:
    """Return the format by the file's brands: AVIF and HEIC share a container."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[start : start + 4] for start in (8, *range(16, length, 4))}
    if brands & {b"avif", b"avis"}:
        return _supported("AVIF", "avif")
    if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}:
        raise InvalidImageError("HEIC is not supported. Convert it to JPEG or PNG.")
    raise InvalidImageError(f"This is a video or audio file, not a picture. {_ACCEPTED}")


def _supported(name: str, feature: str) -> str:
    from PIL import features  # noqa: PLC0415 - Pillow loads with the first picture

    if not features.check(feature):
        raise InvalidImageError(
            f"This installation of Pillow cannot read {name}. Convert it to JPEG or PNG."
        )
    return name
