"""A lake below mountains at sunset."""

import math
from collections.abc import Callable

from .drawing import Canvas, Color, Point, mixed

_SHORE = 380
_FAR: Color = (140, 122, 158)
_NEAR: Color = (84, 82, 122)
_SNOW: Color = (248, 232, 226)
_PEAKS = ((120, 205, 250), (330, 130, 330), (560, 190, 270), (770, 120, 320))
"""The peak of each mountain (x, y), and how far it extends to both sides."""


def draw_landscape() -> bytes:
    """Draw a low sun, snow on the mountains, a lake, firs and a red boat."""
    canvas = Canvas(900, 600, (255, 255, 255))
    canvas.fade((0, 0, 900, _SHORE), (86, 122, 184), (255, 196, 140))
    canvas.shine((370, 110, 590, 330), (255, 236, 190, 190), 34)
    canvas.ellipse((440, 178, 520, 258), (255, 240, 206))
    canvas.polygon(_ridge(lambda x: 246 - 30 * math.sin(x / 74) - 20 * math.sin(x / 31)), _FAR)
    for x, y, reach in _PEAKS:
        _draw_mountain(canvas, x, y, reach)
    canvas.polygon(_ridge(lambda x: 366 - 12 * math.sin(x / 90 + 2)), (66, 96, 84))
    _draw_lake(canvas)
    _draw_boat(canvas, 610, 470)
    _draw_bank(canvas)
    return canvas.png()


def _ridge(height: Callable[[float], float]) -> list[Point]:
    return [(-5, _SHORE), *((x, height(x)) for x in range(-5, 911, 5)), (905, _SHORE)]


def _draw_mountain(canvas: Canvas, x: float, y: float, reach: float) -> None:
    left, right = (x - reach, _SHORE), (x + reach, _SHORE)
    canvas.polygon([left, (x, y), right], _NEAR)
    canvas.polygon([(x, y), right, (x + reach * 0.22, _SHORE)], mixed(_NEAR, (40, 40, 80), 0.4))
    drop, half = (_SHORE - y) * 0.3, reach * 0.3
    edge = [(x + half * step, y + drop * (1 - 0.28 * (at % 2))) for at, step in _STEPS]
    canvas.polygon([(x, y), *edge], _SNOW)


_STEPS = tuple(enumerate((1.0, 0.55, 0.3, -0.05, -0.4, -0.6, -1.0)))


def _draw_lake(canvas: Canvas) -> None:
    canvas.fade((0, _SHORE, 900, 600), (236, 178, 142), (58, 84, 132))
    for at in range(26):
        y = _SHORE + 6 + at * 8.4
        reach = 26 + at * 3.4 + 14 * math.sin(at * 2.1)
        middle = 484 + 8 * math.sin(at * 1.7)
        color = mixed((255, 230, 184), (120, 132, 160), at / 25)
        canvas.line([(middle - reach, y), (middle + reach, y)], color, 2.2)


def _draw_boat(canvas: Canvas, x: float, y: float) -> None:
    canvas.shine((x - 62, y + 14, x + 62, y + 34), (20, 30, 60, 150), 4)
    canvas.polygon([(x - 60, y), (x + 60, y), (x + 42, y + 24), (x - 44, y + 24)], (186, 52, 44))
    canvas.line([(x - 60, y), (x + 60, y)], (244, 226, 204), 4)
    canvas.line([(x - 4, y), (x - 4, y - 92)], (88, 62, 44), 4)
    canvas.polygon([(x + 2, y - 88), (x + 2, y - 10), (x + 50, y - 10)], (250, 244, 234))
    canvas.polygon([(x - 10, y - 74), (x - 10, y - 10), (x - 42, y - 10)], (238, 226, 210))


def _draw_bank(canvas: Canvas) -> None:
    ground: Color = (30, 48, 44)
    edge = [(x, 560 - 66 * math.exp(-x / 210) + 5 * math.sin(x / 26)) for x in range(0, 911, 6)]
    canvas.polygon([(0, 600), *edge, (905, 600)], ground)
    for x, height in ((40, 260), (105, 205), (160, 250), (222, 150), (840, 130), (880, 175)):
        _draw_fir(canvas, x, 575 - 40 * math.exp(-x / 210), height)


def _draw_fir(canvas: Canvas, x: float, y: float, height: float) -> None:
    canvas.box((x - 4, y - height * 0.2, x + 4, y), (50, 38, 32))
    for at in range(5):
        top = y - height + at * height * 0.16
        half = height * (0.09 + 0.045 * at)
        color = mixed((34, 64, 56), (24, 42, 42), at / 4)
        canvas.polygon(
            [(x, top), (x + half, top + height * 0.24), (x - half, top + height * 0.24)], color
        )
