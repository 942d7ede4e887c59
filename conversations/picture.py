"""Pictures of a conversation, each stored once and read when needed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workers_ai import EncodedImage
from workers_ai.images import model_view, thumbnail

FACTS = (
    "sha256",
    "name",
    "media_type",
    "width",
    "height",
    "size",
    "original_format",
    "original_width",
    "original_height",
    "original_bytes",
    "changes",
)
"""The fields of a picture that are known without its bytes."""


@dataclass(frozen=True)
class Picture:
    """A picture as it was sent, with the label that its owner gave it.

    Its bytes are not held here; they are read from storage on each access. `sha256` is their
    hash, so equal pictures have equal hashes.
    """

    name: str
    sha256: str
    media_type: str
    width: int
    height: int
    size: int
    """Bytes that are sent, before base64."""

    original_format: str
    original_width: int
    original_height: int
    original_bytes: int
    changes: tuple[str, ...]
    read: Callable[[str], bytes] = field(repr=False, compare=False)
    """Returns the bytes of the picture with this hash."""

    read_thumbnail: Callable[[str], bytes] = field(repr=False, compare=False)

    @classmethod
    def of(cls, name: str, image: EncodedImage) -> "Picture":
        """Return a picture that holds its own bytes."""
        small = thumbnail(image)
        return cls(
            name,
            image.sha256,
            image.media_type,
            image.width,
            image.height,
            len(image.data),
            image.original_format,
            image.original_width,
            image.original_height,
            image.original_bytes,
            image.changes,
            read=lambda _: image.data,
            read_thumbnail=lambda _: small,
        )

    def facts(self) -> dict[str, Any]:
        """Return its `FACTS`, by name."""
        return {name: getattr(self, name) for name in FACTS}

    @property
    def data(self) -> bytes:
        """The bytes that are sent."""
        return self.read(self.sha256)

    @property
    def thumbnail(self) -> bytes:
        """A small copy for lists."""
        return self.read_thumbnail(self.sha256)

    @property
    def image(self) -> EncodedImage:
        """The picture with its bytes."""
        return EncodedImage(
            self.data,
            self.media_type,
            self.width,
            self.height,
            self.original_format,
            self.original_width,
            self.original_height,
            self.original_bytes,
            self.changes,
        )

    @property
    def model_view(self) -> bytes:
        """The square that the model sees."""
        return model_view(self.image)
