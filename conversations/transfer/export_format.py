"""The export format for conversations, version 1: one JSON object, with all their pictures.

    {"format": "cabochon", "version": 1,
     "conversations": [{"title", "created", "settings", "leaf", "messages": […]}],
     "images": {"<sha256>": "data:image/png;base64,…"}}

Absent keys are unknown. Times are in seconds since 1970. A deleted message has only its position
in the tree. A conversation's owner, id and store version are not in the file.
"""

import re
import unicodedata
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..answer_record import Record, well_formed
from ..settings import Settings
from ..tree_nodes import StoredToolResults

FORMAT: Final = "cabochon"
VERSION: Final = 1

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
"""The media types of sent pictures, by format name."""

DEEPEST_NESTING = 200
"""Levels of lists and objects; pydantic cannot read more, from a file or from the store."""

LARGEST_FIGURE = 2**53
"""For times, counts and the like: up to here, all JSON readers agree on numbers."""

LONGEST_NAME = 255
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, the last one that `datetime` supports."""

_LONGEST_SIDE = 65_500
_LARGEST_UPLOAD = 50_000_000
_FOREIGN_IN_NAMES = re.compile("[/\\\\\u2028-\u202e\u2066-\u2069]")

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# abs, for -0.0, which passes ge=0 but which databases do not preserve.
Time = Annotated[float, Field(ge=0, le=_LAST_SECOND), AfterValidator(abs)]
_Side = Annotated[int, Field(ge=1, le=_LONGEST_SIDE)]
_Bytes = Annotated[int, Field(ge=1, le=_LARGEST_UPLOAD)]


class _Portable(BaseModel):
    """A strict model; that includes the dataclasses in it, which have no configuration."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        use_attribute_docstrings=True,
    )


class PortablePicture(_Portable):
    """A picture in a message; its bytes are in the file's `images`."""

    image: Sha256
    name: str
    """The name that its owner gave it: a label, never a path."""

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
    """A question (`user`), an answer (`assistant`), or the results of calls (`tool`)."""

    id: Id
    parent: Id | None = None
    role: Literal["user", "assistant", "tool"]
    text: str
    created: Time
    deleted: Time | None = None
    pictures: Annotated[tuple[PortablePicture, ...], Field(min_length=1)] | None = None
    """Present in a user's message that has pictures."""

    record: Record | None = None
    """Present in every answer that is not deleted."""

    results: StoredToolResults | None = None
    """Present in every `tool` message that is not deleted. Its `text` is empty."""


class PortableConversation(_Portable):
    """A tree of messages, oldest first."""

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
    """Data URIs, by the hash of their bytes."""


def label(name: str) -> str:
    """Return the name with separators and control characters replaced, cut to `LONGEST_NAME`."""
    plain = _FOREIGN_IN_NAMES.sub("_", well_formed(name))
    return "".join("_" if _is_control(each) else each for each in plain)[:LONGEST_NAME]


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"
