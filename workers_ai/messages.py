"""Messages and the parts of their content."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, StrictStr, TypeAdapter
from pydantic_core import PydanticCustomError

from .json_values import WireModel


def _data_uri(value: Any) -> str:
    # Stricter than the documented pattern ^data:*, which "database" matches.
    if isinstance(value, str) and value.startswith("data:"):
        return value
    raise PydanticCustomError(
        "data_uri", "pictures are accepted as data URIs only; the string must start with data:"
    )


class ImageURL(WireModel):
    """A picture, as a data URI."""

    url: Annotated[str, PlainValidator(_data_uri)] | None = Field(default=None, repr=False)
    """image uri with data (e.g. data:image/jpeg;base64,/9j/...). HTTP URL will not be accepted"""


class Part(WireModel):
    """A part of a message's content. The schema requires none of the keys."""

    type: StrictStr | None = None
    """Type of the content provided"""

    text: StrictStr | None = None

    image_url: ImageURL | None = None


class TextPart(Part):
    """Text in a list of parts."""

    type: Literal["text"] = "text"
    text: StrictStr


class ImagePart(Part):
    """A picture in a list of parts."""

    type: Literal["image_url"] = "image_url"
    image_url: ImageURL

    @classmethod
    def of(cls, data_uri: str) -> "ImagePart":
        """Return the part for a data URI."""
        return cls(image_url=ImageURL(url=data_uri))


def _part(value: Any) -> Part:
    if isinstance(value, Part):
        return value
    if not isinstance(value, dict):
        raise PydanticCustomError("part", "a part of the content must be an object")
    return _part_class(value).model_validate(value)


def _part_class(value: dict[Any, Any]) -> type[Part]:
    if value.get("type") == "text" and "text" in value:
        return TextPart
    if value.get("type") == "image_url" and "image_url" in value:
        return ImagePart
    return Part


_PARTS = TypeAdapter(tuple[Annotated[Part, PlainValidator(_part)], ...])


def _content(value: Any) -> str | tuple[Part, ...] | Part:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | Part):
        return _part(value)
    if isinstance(value, list | tuple):
        return _PARTS.validate_python(value)
    raise PydanticCustomError("content", "the content must be a string, a list of parts or a part")


class Message(WireModel):
    """One turn. Keys such as `name`, `tool_call_id` and `tool_calls` are kept (wire.md 5.3)."""

    role: StrictStr | None = None
    """The role of the message sender (e.g., 'user', 'assistant', 'system', 'tool')."""

    content: Annotated[str | Sequence[Part] | Part, PlainValidator(_content)] | None = None
    """The content of the message: a string, a list of parts, or a single part. It is sent
    unchanged; a list is kept as a tuple."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The content as parts, whatever its form."""
        if self.content is None:
            return ()
        if isinstance(self.content, str):
            return (TextPart(text=self.content),)
        if isinstance(self.content, Part):
            return (self.content,)
        return tuple(self.content)

    @property
    def text(self) -> str:
        """The text parts of the content, joined by line feeds."""
        return "\n".join(part.text for part in self.parts if part.text is not None)

    @property
    def images(self) -> tuple[str, ...]:
        """The data URIs of the content, in order."""
        pictures = (part.image_url for part in self.parts)
        return tuple(picture.url for picture in pictures if picture and picture.url is not None)
