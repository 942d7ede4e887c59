"""Small pictures to attach."""

import io

from PIL import Image


def png(width: int, height: int, colour: str = "red") -> bytes:
    """Draw a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()
