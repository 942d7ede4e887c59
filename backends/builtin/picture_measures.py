"""Measurements of a picture: size, format, colors, brightness, contrast."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from workers_ai import InvalidImageError
from workers_ai.images import decode_data_uri

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_LARGEST = 40_000_000
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
_SIDE = 64
_MAIN = 0.08
_MOST_COLORS = 3
_DARK, _BRIGHT = 60, 180
_FLAT, _STRONG = 25, 65
_GRAY_SATURATION = 0.16
_HUES = (
    (15, "red"), (42, "orange"), (68, "yellow"), (165, "green"), (195, "turquoise"),
    (255, "blue"), (290, "purple"), (340, "pink"), (361, "red"),
)  # fmt: skip
_SIMPLE_RATIO = 20
_VISUAL = re.compile(
    r"\b(colou?rs?|bright(er|est|ness)?|contrast|landscape|portrait|orientation"
    r"|(the|this|that|my) (picture|image|photo|screenshot))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements of one picture."""

    format: str
    width: int
    height: int
    colors: tuple[tuple[str, float], ...]
    """Names of colors and their shares of the area, the largest first."""

    brightness: float
    """The mean luminance, 0 to 255."""

    contrast: float
    """The standard deviation of the luminance."""


def measure(uri: str) -> Measured:
    """Measure the picture in a data URI, or raise InvalidImageError."""
    _, data = decode_data_uri(uri)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > _LARGEST:
                raise InvalidImageError("The picture has too many pixels.")
            kind, width, height = str(image.format), image.width, image.height
            small = _small(image)
    except _UNREADABLE as error:
        raise InvalidImageError("The data is not a picture that can be decoded.") from error
    pixels = _on_white(np.asarray(small, dtype=np.float64))
    light = pixels @ np.array([0.299, 0.587, 0.114])
    return Measured(kind, width, height, _colors(pixels), float(light.mean()), float(light.std()))


def asks_about_a_picture(question: str) -> bool:
    """Return whether a question is about the attached picture."""
    return _VISUAL.search(question) is not None


def notes_on_pictures(uris: Sequence[str]) -> list[str]:
    """Describe pictures by their measurements, in one text.

    The sentences come from a template and are then written by the language model, token by token,
    with real sampling: at high temperatures they fall apart like everything it writes.
    """
    facts = [_sentences(measure(uri)) for uri in uris]
    if len(facts) == 1:
        return [f"I cannot recognize what a picture shows; I only measure it. {facts[0]}"]
    named = " ".join(f"Picture {n}: {fact}" for n, fact in enumerate(facts, start=1))
    return [f"I cannot recognize what pictures show; I only measure them. {named}"]


def _small(image: Image.Image) -> Image.Image:
    """Shrink before converting if the mode allows it: a large RGBA picture would fill memory."""
    image.draft("RGB", (8 * _SIDE, 8 * _SIDE))
    plain = image if image.mode in {"L", "RGB", "RGBA"} else image.convert("RGBA")
    return plain.resize((_SIDE, _SIDE), Image.Resampling.BOX).convert("RGBA")


def _sentences(facts: Measured) -> str:
    return (
        f"It is a {facts.format} of {facts.width} by {facts.height} pixels, {_shape(facts)}. "
        f"{_colored(facts)} It is {_light(facts)} and has {_contrast(facts)} contrast."
    )


def _shape(facts: Measured) -> str:
    shared = gcd(facts.width, facts.height)
    wide, high = facts.width // shared, facts.height // shared
    ratio = f" ({wide}:{high})" if max(wide, high) <= _SIMPLE_RATIO and wide != high else ""
    if facts.width == facts.height:
        return "square"
    return f"{'landscape' if facts.width > facts.height else 'portrait'}{ratio}"


def _colored(facts: Measured) -> str:
    (first, share), *others = facts.colors
    if not others:
        return f"It is {first} almost everywhere."
    rest = " and ".join(f"{name} ({round(100 * part)}%)" for name, part in others)
    return f"The main color is {first} ({round(100 * share)}%), followed by {rest}."


def _light(facts: Measured) -> str:
    if facts.brightness < _DARK:
        return "dark"
    return "bright" if facts.brightness > _BRIGHT else "of medium brightness"


def _contrast(facts: Measured) -> str:
    if facts.contrast < _FLAT:
        return "little"
    return "strong" if facts.contrast > _STRONG else "moderate"


def _on_white(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    opacity = pixels[..., 3:] / 255
    flat: NDArray[np.float64] = (pixels[..., :3] * opacity + 255 * (1 - opacity)).reshape(-1, 3)
    return flat


def _colors(pixels: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    counts = Counter(_color(*pixel) for pixel in pixels)
    shares = [(name, count / len(pixels)) for name, count in counts.most_common(_MOST_COLORS)]
    return tuple(pair for n, pair in enumerate(shares) if n == 0 or pair[1] >= _MAIN)


def _color(red: float, green: float, blue: float) -> str:
    high, low = max(red, green, blue), min(red, green, blue)
    if high < 45:  # noqa: PLR2004 - nearly black, whatever the hue
        return "black"
    if (high - low) / high < _GRAY_SATURATION:
        return "white" if low > 215 else "gray"  # noqa: PLR2004 - nearly white
    hue = _hue(red, green, blue, high, high - low)
    name = next(name for limit, name in _HUES if hue < limit)
    if name in {"orange", "red"} and high < 150:  # noqa: PLR2004 - dark orange is called brown
        return "brown" if name == "orange" else "dark red"
    return name


def _hue(red: float, green: float, blue: float, high: float, spread: float) -> float:
    if high == red:
        return 60 * ((green - blue) / spread % 6)
    if high == green:
        return 60 * ((blue - red) / spread + 2)
    return 60 * ((red - green) / spread + 4)
