"""A bar chart with labeled axes."""

from .drawing import Canvas, Color

_INK: Color = (40, 44, 52)
_PALE: Color = (110, 116, 126)
_GRID: Color = (226, 229, 234)
_BAR: Color = (59, 116, 180)
_HIGHEST: Color = (222, 122, 52)
_VISITORS = (("Jan", 120), ("Feb", 95), ("Mar", 160), ("Apr", 210), ("May", 280), ("Jun", 245))
_LEFT, _RIGHT, _TOP, _BOTTOM = 120, 850, 120, 490
_MOST, _STEP = 350, 50


def draw_chart() -> bytes:
    """Draw the visitors per month: 120, 95, 160, 210, 280 and 245."""
    canvas = Canvas(900, 620, (255, 255, 255))
    canvas.text((_LEFT, 42), "Museum visitors in 2025", 34, _INK, bold=0.5)
    _draw_grid(canvas)
    _draw_bars(canvas)
    canvas.line([(_LEFT, _BOTTOM), (_RIGHT, _BOTTOM)], _INK, 2)
    canvas.text(((_LEFT + _RIGHT) / 2, 556), "Month", 24, _INK, "ma")
    canvas.upright_text((42, (_TOP + _BOTTOM) / 2), "Visitors per day", 24, _INK)
    return canvas.png()


def _height(value: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * value / _MOST


def _draw_grid(canvas: Canvas) -> None:
    for value in range(0, _MOST + 1, _STEP):
        y = _height(value)
        canvas.line([(_LEFT, y), (_RIGHT, y)], _GRID, 1.5)
        canvas.text((_LEFT - 14, y), str(value), 21, _PALE, "rm")


def _draw_bars(canvas: Canvas) -> None:
    room = (_RIGHT - _LEFT) / len(_VISITORS)
    most = max(value for _, value in _VISITORS)
    for at, (month, value) in enumerate(_VISITORS):
        x = _LEFT + room * (at + 0.5)
        color = _HIGHEST if value == most else _BAR
        canvas.box((x - room * 0.31, _height(value), x + room * 0.31, _BOTTOM), color)
        canvas.text((x, _height(value) - 8), str(value), 22, _INK, "md")
        canvas.text((x, _BOTTOM + 16), month, 24, _INK, "ma")
