"""A mug on a table, as in a product catalog."""

from .drawing import Canvas, Color, mixed

_GLAZE: Color = (38, 120, 132)
_LIGHT: Color = (124, 196, 202)
_DARK: Color = (16, 66, 78)
_LEFT, _RIGHT, _TOP, _BOTTOM = 250, 510, 190, 470
_LIP = 34
"""Half the height of the rim's ellipse."""


def draw_product() -> bytes:
    """Draw a blue-green mug with coffee in it."""
    canvas = Canvas(800, 640, (236, 232, 226))
    canvas.fade((0, 0, 800, 420), (226, 222, 216), (246, 243, 238))
    canvas.fade((0, 420, 800, 640), (206, 170, 132), (176, 138, 100))
    canvas.line([(0, 420), (800, 420)], (166, 130, 96), 2)
    _draw_grain(canvas)
    canvas.shine((240, 440, 660, 530), (60, 36, 18, 170), 16)
    _draw_handle(canvas)
    _draw_body(canvas)
    _draw_rim(canvas)
    return canvas.png()


def _draw_grain(canvas: Canvas) -> None:
    for at in range(9):
        y = 440 + at * 23
        start = at * 137 % 300
        canvas.line([(start, y), (start + 360, y + 3)], (188, 151, 113), 1.4)
        canvas.line([(start + 430, y + 8), (start + 700, y + 6)], (190, 153, 115), 1.4)


def _draw_handle(canvas: Canvas) -> None:
    canvas.ellipse((440, 238, 612, 418), _DARK)
    canvas.ellipse((444, 238, 608, 410), mixed(_GLAZE, _DARK, 0.35))
    canvas.ellipse((458, 272, 572, 380), (240, 237, 232))


def _draw_body(canvas: Canvas) -> None:
    steps = _RIGHT - _LEFT
    for at in range(steps):
        x = _LEFT + at
        share = at / steps
        bulge = (1 - (2 * share - 1) ** 2) ** 0.5
        color = mixed(_LIGHT, _GLAZE, min(1, abs(share - 0.27) / 0.3))
        color = mixed(color, _DARK, max(0, (share - 0.42) / 0.58) * 0.9)
        color = mixed(color, _DARK, max(0, (0.1 - share) / 0.1) * 0.5)
        canvas.box((x, _TOP, x + 1.4, _BOTTOM + _LIP * bulge), color)


def _draw_rim(canvas: Canvas) -> None:
    canvas.ellipse(
        (_LEFT, _TOP - _LIP, _RIGHT + 1, _TOP + _LIP), mixed(_LIGHT, (255, 255, 255), 0.35)
    )
    canvas.ellipse((_LEFT + 9, _TOP - _LIP + 6, _RIGHT - 8, _TOP + _LIP - 4), _DARK)
    canvas.ellipse((_LEFT + 16, _TOP - _LIP + 18, _RIGHT - 15, _TOP + _LIP - 4), (72, 42, 26))
    canvas.ellipse((_LEFT + 40, _TOP - _LIP + 26, _RIGHT - 80, _TOP + _LIP - 16), (96, 60, 38))
    canvas.shine((300, 250, 324, 430), (255, 255, 255, 120), 9)
