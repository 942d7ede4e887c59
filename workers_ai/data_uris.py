"""Data URIs, the one form in which a picture travels in a request."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from .errors import InvalidImageError

_HEAD = re.compile(r"data:([\w.+-]+/[\w.+-]+)((?:;[^;,]*)*),", re.ASCII)


def encode_data_uri(media_type: str, data: bytes) -> str:
    """Write `data` as `data:image/png;base64,…`."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def decode_data_uri(uri: str) -> tuple[str, bytes]:
    """Take the media type, in lower case, and the bytes out of a base64 data URI.

    The media type is what the URI claims; nobody has looked at the bytes yet. Raises
    InvalidImageError where the URI is of another kind, or its base64 is broken.
    """
    head = _HEAD.match(uri)
    if head is None:
        raise InvalidImageError(
            "A picture must be a data URI that begins like data:image/png;base64, and names its "
            "media type."
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
            "The base64 of the data URI is broken: it was cut off, or holds other characters."
        ) from error
    if not data:
        raise InvalidImageError("The data URI is empty.")
    return data
