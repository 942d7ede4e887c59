"""Reading picture files safely, and writing them with nothing but their pixels."""

from .encoding import encode
from .formats import MEDIA_TYPES
from .pixels import Decoded, Fit, decode
from .reading import LARGEST_BYTES, LARGEST_JPEG_PIXELS, LARGEST_PIXELS, read_container
from .sizes import SHORTEST_SIDE, sent_size

__all__ = [
    "LARGEST_BYTES",
    "LARGEST_JPEG_PIXELS",
    "LARGEST_PIXELS",
    "MEDIA_TYPES",
    "SHORTEST_SIDE",
    "Decoded",
    "Fit",
    "decode",
    "encode",
    "read_container",
    "sent_size",
]
