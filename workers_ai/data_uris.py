"""Data URIs, the only form in which a request can contain a picture."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from .errors import InvalidImageError

_HEAD = re.compile(r"data:([\w.+-]+/[\w.+-]+)((?:;[^;,]*)*),", re.ASCII)


def encode_data_uri(media_type: str, data: bytes) -> str:
    """Return `data` as a data URI, such as `data:image/png;base64,…`."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def decode_data_uri(uri: str) -> tuple[str, bytes]:
    """Return the media type, in lower case, and the bytes of a base64 data URI.

    The media type is what the URI claims; the bytes are not checked against it. Raises
    InvalidImageError if the URI is of another kind or its base64 is invalid.
    """
    head = _HEAD.match(uri)
    if head is None:
        raise InvalidImageError(
            "A picture must be a data URI with a media type, such as data:image/png;base64,…"
        )
    if not head[2].lower().endswith(";base64"):
        raise InvalidImageError("The data URI is not base64. Write ;base64, before the data.")
    return head[1].lower(), _decode_base64(uri[head.end() :])


def _decode_base64(text: str) -> bytes:
    try:
        plain = unquote_to_bytes(text) if "%" in text else text.encode("ascii")
        data = base64.b64decode(b"".join(plain.split()), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidImageError(
            "The base64 of the data URI is invalid: it is cut off or contains other characters."
        ) from error
    if not data:
        raise InvalidImageError("The data URI is empty.")
    return data
