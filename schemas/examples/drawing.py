"""A drawing surface, larger than the picture so that edges come out smooth."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Color = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]
TranslucentColor = tuple[int, int, int, int]
"""A color and its opacity, from 0 to 255."""

_FINER = 3
"""Pixels drawn per pixel of the picture, in each direction."""


class Canvas:
    """A picture being drawn. Positions and sizes are in its pixels, from the top left."""

    def __init__(self, width: int, height: int, ground: Color) -> None:
        self.width = width
        self.height = height
        self._image = Image.new("RGB", (width * _FINER, height * _FINER), ground)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, box: Box, color: Color, *, radius: float = 0) -> None:
        """Fill a rectangle."""
        self._draw.rounded_rectangle(_scaled(box), radius * _FINER, fill=color)

    def ellipse(self, box: Box, color: Color) -> None:
        """Fill an ellipse."""
        self._draw.ellipse(_scaled(box), fill=color)

    def polygon(self, points: Sequence[Point], color: Color) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * _FINER, y * _FINER) for x, y in points], fill=color)

    def line(self, points: Sequence[Point], color: Color, width: float = 1) -> None:
        """Draw a line through some points."""
        fine = [(x * _FINER, y * _FINER) for x, y in points]
        self._draw.line(fine, fill=color, width=round(width * _FINER), joint="curve")

    def fade(self, box: Box, above: Color, below: Color) -> None:
        """Fill a rectangle with a vertical gradient."""
        left, top, right, bottom = map(round, _scaled(box))
        for y in range(top, bottom):
            share = (y - top) / max(1, bottom - top - 1)
            self._draw.line([(left, y), (right, y)], fill=mixed(above, below, share))

    def shine(self, box: Box, color: TranslucentColor, blur: float) -> None:
        """Overlay a soft ellipse: a shadow or a light."""
        layer = Image.new("RGBA", self._image.size, (*color[:3], 0))
        ImageDraw.Draw(layer).ellipse(_scaled(box), fill=color)
        self._lay(layer, blur)

    def shade(self, box: Box, color: TranslucentColor, blur: float) -> None:
        """Overlay a soft rectangle: the shadow of a sheet."""
        layer = Image.new("RGBA", self._image.size, (*color[:3], 0))
        ImageDraw.Draw(layer).rectangle(_scaled(box), fill=color)
        self._lay(layer, blur)

    def _lay(self, layer: Image.Image, blur: float) -> None:
        soft = layer.filter(ImageFilter.GaussianBlur(blur * _FINER))
        self._image.paste(soft, mask=soft.getchannel("A"))

    def text(
        self,
        at: Point,
        said: str,
        size: float,
        color: Color,
        anchor: str = "la",
        *,
        bold: float = 0,
    ) -> None:
        """Draw a line of text; the anchor is Pillow's, `bold` thickens the strokes."""
        x, y = at
        font = ImageFont.load_default(size * _FINER)
        stroke = round(bold * _FINER)
        self._draw.text(
            (x * _FINER, y * _FINER),
            said,
            fill=color,
            font=font,
            anchor=anchor,
            stroke_width=stroke,
            stroke_fill=color,
        )

    def upright_text(self, at: Point, said: str, size: float, color: Color) -> None:
        """Draw a line of text upward, centered on a point."""
        font = ImageFont.load_default(size * _FINER)
        left, top, right, bottom = map(round, font.getbbox(said))
        strip = Image.new("L", (right - left + 8, bottom - top + 8), 0)
        ImageDraw.Draw(strip).text((4 - left, 4 - top), said, fill=255, font=font)
        turned = strip.transpose(Image.Transpose.ROTATE_90)
        x, y = (round(each * _FINER) for each in at)
        corner = (x - turned.width // 2, y - turned.height // 2)
        self._image.paste(Image.new("RGB", turned.size, color), corner, turned)

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        small = self._image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        file = BytesIO()
        small.save(file, "PNG", optimize=True)
        return file.getvalue()


def mixed(one: Color, other: Color, share: float) -> Color:
    """Return a color between two."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _scaled(box: Box) -> Box:
    left, top, right, bottom = box
    return left * _FINER, top * _FINER, right * _FINER, bottom * _FINER
