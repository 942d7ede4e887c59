"""Pictures of a conversation: kept once each, read when they are needed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workers_ai import EncodedImage, model_view, thumbnail

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
"""What is known of a picture without its bytes."""


@dataclass(frozen=True)
class Picture:
    """A picture as it was sent, with the label that its owner knows it by.

    What is known of it is here; its bytes are read from where it is kept each time they are asked
    for. `sha256` is the hash of these bytes: the same picture has the same one.
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
    """Returns the bytes of the picture with a hash."""

    read_thumbnail: Callable[[str], bytes] = field(repr=False, compare=False)

    @classmethod
    def of(cls, name: str, image: EncodedImage) -> "Picture":
        """Make a picture that holds its own bytes."""
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
        """Return what is known of it, by name."""
        return {name: getattr(self, name) for name in FACTS}

    @property
    def data(self) -> bytes:
        """What is sent."""
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
        """The square that the model looks at."""
        return model_view(self.image)
