"""Extraction of the pictures in a body, which keeps the code readable."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workers_ai.json_text import DEEPEST_TEXT
from workers_ai.json_values import nesting

from .literals import Code

_HEAD = re.compile(r"data:([^,;]*)[^,]*;base64,", re.IGNORECASE)
_SUFFIXES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/tiff": "tiff",
}
_BEGINNINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp"}


@dataclass(frozen=True, slots=True)
class EmbeddedPicture:
    """A picture that a body contained as base64."""

    number: int
    """Counted from 1."""

    suffix: str
    head: str
    """The text before the base64, such as `data:image/png;base64,`."""

    base64: str = field(repr=False)

    @property
    def stem(self) -> str:
        """The file name without the suffix."""
        return f"picture-{self.number}"

    @property
    def file_name(self) -> str:
        """The file name."""
        return f"{self.stem}.{self.suffix}"

    def literal(self, write: Callable[[str], str]) -> str:
        """Return the picture as a string literal. Base64 needs no escaping and is not scanned."""
        head = write(self.head)
        return f"{head[:-1]}{self.base64}{head[-1]}"

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return base64.b64decode(self.base64)


def extract_pictures(
    body: Mapping[str, Any], expression: Callable[[EmbeddedPicture], str]
) -> tuple[dict[str, Any], list[EmbeddedPicture]]:
    """Return the body with an expression in place of each picture, and the pictures.

    A repeated picture is extracted once. A picture whose base64 is not in the usual form stays, so
    that the request does not change.
    """
    taking = _Taking(expression)
    messages = body.get("messages")
    # A value that is nested too deep is written as one string, which cannot contain expressions.
    if not isinstance(messages, list) or nesting(messages) > DEEPEST_TEXT:
        return dict(body), []
    return {**body, "messages": [taking.message(message) for message in messages]}, taking.found


class _Taking:
    def __init__(self, expression: Callable[[EmbeddedPicture], str]) -> None:
        self.found: list[EmbeddedPicture] = []
        self._expression = expression

    def message(self, message: Any) -> Any:
        if not isinstance(message, dict):
            return message
        changed = dict(message)
        content = message.get("content")
        if isinstance(content, list):
            changed["content"] = [self._part(part) for part in content]
        if isinstance(content, dict):
            changed["content"] = self._part(content)
        if isinstance(message.get("images"), list):
            changed["images"] = [self._taken(image) for image in message["images"]]
        return changed

    def _part(self, part: Any) -> Any:
        place = part.get("image_url") if isinstance(part, dict) else None
        if not isinstance(place, dict) or not isinstance(place.get("url"), str):
            return part
        return {**part, "image_url": {**place, "url": self._taken(place["url"])}}

    def _taken(self, text: Any) -> Any:
        if not isinstance(text, str):
            return text
        match = _HEAD.match(text)
        head = match[0] if match else ""
        written = text.removeprefix(head)
        data = _decoded(written)
        if not data:
            return text
        for known in self.found:
            if (known.head, known.base64) == (head, written):
                return Code(self._expression(known))
        suffix = _SUFFIXES.get(match[1].lower(), "bin") if match else _suffix_of(data)
        if not suffix:
            return text
        self.found.append(EmbeddedPicture(len(self.found) + 1, suffix, head, written))
        return Code(self._expression(self.found[-1]))


def _decoded(written: str) -> bytes:
    """Return the bytes, or none if encoding them does not reproduce the text."""
    try:
        data = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return b""
    # Only the last group has more than one encoding.
    last = base64.b64decode(written[-4:])
    return data if base64.b64encode(last).decode() == written[-4:] else b""


def _suffix_of(data: bytes) -> str:
    return next((name for start, name in _BEGINNINGS.items() if data.startswith(start)), "")
