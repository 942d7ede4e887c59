"""The file that conversations travel in, version 1: one JSON object, with all their pictures.

    {"format": "cabochon", "version": 1,
     "conversations": [{"title", "created", "settings", "leaf", "messages": […]}],
     "images": {"<sha256>": "data:image/png;base64,…"}}

What is absent is not known. Times are in seconds since 1970. Of a deleted message only its place
is told. Who owns a conversation, its id and its version in a store are not in the file.
"""

import re
import unicodedata
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from .nodes import ToldResults
from .records import Record, well_formed
from .settings import Settings

FORMAT: Final = "cabochon"
VERSION: Final = 1

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
"""What pictures are sent as, by the name of the format."""

DEEPEST_NESTING = 200
"""Levels of lists and objects; pydantic reads no more, from a file or out of the store."""

LARGEST_FIGURE = 2**53
"""For times, counts and the like: up to here every reader of JSON has the same numbers."""

LONGEST_NAME = 255
_LAST_SECOND = 253_402_300_799
"""Of the year 9999, the last one that has a date."""

_LONGEST_SIDE = 65_500
_LARGEST_UPLOAD = 50_000_000
_FOREIGN_IN_NAMES = re.compile("[/\\\\\u2028-\u202e\u2066-\u2069]")

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# abs, for the one negative number that is not less than 0: databases do not keep it.
Time = Annotated[float, Field(ge=0, le=_LAST_SECOND), AfterValidator(abs)]
_Side = Annotated[int, Field(ge=1, le=_LONGEST_SIDE)]
_Bytes = Annotated[int, Field(ge=1, le=_LARGEST_UPLOAD)]


class _Portable(BaseModel):
    """Strict, also about the dataclasses inside, which have no rules of their own."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        use_attribute_docstrings=True,
    )


class PortablePicture(_Portable):
    """A picture of a message; its bytes are among the file's `images`."""

    image: Sha256
    name: str
    """What its owner calls it: a label, never a path."""

    media_type: Literal["image/png", "image/jpeg"]
    width: _Side
    height: _Side
    size: _Bytes
    original_format: Literal["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"]
    original_width: _Side
    original_height: _Side
    original_bytes: _Bytes
    changes: tuple[Annotated[str, Field(max_length=200)], ...]


class PortableMessage(_Portable):
    """What a person said (`user`), what was answered (`assistant`), what calls gave (`tool`)."""

    id: Id
    parent: Id | None = None
    role: Literal["user", "assistant", "tool"]
    text: str
    created: Time
    deleted: Time | None = None
    pictures: Annotated[tuple[PortablePicture, ...], Field(min_length=1)] | None = None
    """Of a user's message, if it has any."""

    record: Record | None = None
    """Of every answer that is not deleted."""

    results: ToldResults | None = None
    """Of every message with the role `tool` that is not deleted. Its `text` is empty."""


class PortableConversation(_Portable):
    """A tree of messages, the oldest first."""

    title: str
    created: Time
    settings: Settings
    leaf: Id | None = None
    messages: tuple[PortableMessage, ...]


class PortableFile(_Portable):
    """The whole file."""

    format: Literal["cabochon"]
    version: Literal[1]
    conversations: tuple[PortableConversation, ...]
    images: dict[Sha256, str]
    """Data URIs, by the hash of the bytes in them."""


def label(name: str) -> str:
    """Make a name fit for a file: no separators, no controls, not too long."""
    plain = _FOREIGN_IN_NAMES.sub("_", well_formed(name))
    return "".join("_" if _is_control(each) else each for each in plain)[:LONGEST_NAME]


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"
