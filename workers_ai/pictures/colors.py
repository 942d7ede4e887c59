"""Conversion of pixels of any mode to opaque 8-bit sRGB."""

import math
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageCms

_DIRECT = {"L", "RGB", "CMYK"}
"""Opaque 8-bit modes, which a color profile can describe."""

_WHITE = (255, 255, 255)
_OPAQUE = 255


class Converted(NamedTuple):
    """Pixels, and a short note of what was changed; "" if nothing was."""

    image: Image.Image
    change: str = ""


def to_eight_bits(image: Image.Image) -> Converted:
    """Scale deeper samples to 8 bits: 16-bit ones by their range, deeper ones by their extremes."""
    if image.mode.startswith("I;16"):
        image.info.pop("transparency", None)
        return Converted(_scaled(image.convert("I"), 0, 65535), "16-bit samples scaled to 8 bits")
    if image.mode in {"I", "F"}:
        low, high = image.getextrema()
        if not isinstance(low, int | float) or not isinstance(high, int | float):
            raise ValueError("more than one band")
        if not math.isfinite(low) or not math.isfinite(high):
            raise ValueError("samples that are not numbers")
        return Converted(_scaled(image, low, high), "32-bit samples scaled to 8 bits")
    return Converted(image)


def _scaled(image: Image.Image, low: float, high: float) -> Image.Image:
    factor = 255 / (high - low) if high > low else 1.0
    return image.point(lambda value: value * factor + (0.5 - low * factor)).convert("L")


def on_white(image: Image.Image) -> Converted:
    """Put transparent pixels on white; colors hidden by transparency are removed."""
    if not image.has_transparency_data:
        return Converted(image if image.mode in _DIRECT else image.convert("RGB"))
    layered = image if image.mode == "RGBA" else image.convert("RGBA")
    alpha = layered.getchannel("A")
    canvas = Image.new("RGB", image.size, _WHITE)
    canvas.paste(layered, mask=alpha)
    is_seen = alpha.getextrema() != (_OPAQUE, _OPAQUE)
    return Converted(canvas, "transparency on white" if is_seen else "")


def to_srgb(image: Image.Image, profile: bytes | None) -> Converted:
    """Convert by the embedded profile; without a usable one, samples are taken as sRGB."""
    if profile:
        try:
            return _by_profile(image, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return Converted(image.convert("RGB"), "unusable color profile removed")
    change = "converted from CMYK" if image.mode == "CMYK" else ""
    return Converted(image.convert("RGB"), change)


def _by_profile(image: Image.Image, data: bytes) -> Converted:
    profile = ImageCms.getOpenProfile(BytesIO(data))
    if image.mode == "RGB" and ImageCms.getProfileDescription(profile).startswith("sRGB"):
        return Converted(image)
    srgb = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(
        image,
        profile,
        srgb,
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if converted is None:
        raise ValueError("nothing was converted")
    return Converted(converted, "converted to sRGB")
