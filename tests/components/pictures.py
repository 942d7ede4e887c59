"""Small pictures to attach in tests."""

import io

from PIL import Image


def png(width: int, height: int, color: str = "red") -> bytes:
    """Return a PNG of a single color."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), color).save(file, "PNG")
    return file.getvalue()
