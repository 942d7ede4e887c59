"""A till receipt on a table."""

import math

from .drawing import Canvas, Color

_INK: Color = (38, 38, 42)
_PALE: Color = (120, 120, 126)
_PAPER: Color = (252, 251, 247)
_LEFT, _RIGHT = 130, 510
_ITEMS = (
    ("Wholegrain bread", "", "3.20"),
    ("Oat milk 1 l", "2 x 1.79", "3.58"),
    ("Tomatoes", "", "2.49"),
    ("Olive oil 500 ml", "", "7.95"),
    ("Dark chocolate", "3 x 1.49", "4.47"),
    ("Paper bag", "", "0.25"),
)
_SUMS = (("Subtotal", "21.94"), ("incl. VAT 7 %", "1.44"))


def draw_receipt() -> bytes:
    """Draw a receipt whose lines add up to its total, 21.94."""
    canvas = Canvas(640, 860, (112, 84, 62))
    canvas.fade((0, 0, 640, 860), (134, 101, 75), (104, 77, 57))
    _draw_paper(canvas)
    middle = canvas.width / 2
    canvas.text((middle, 78), "GREEN CORNER", 36, _INK, "ma", bold=0.7)
    canvas.text((middle, 124), "12 Mill Lane, Harbourton", 19, _PALE, "ma")
    canvas.text((_LEFT, 176), "2025-03-14  17:42", 19, _INK)
    canvas.text((_RIGHT, 176), "No. 004817", 19, _INK, "ra")
    y = _draw_items(canvas, 232)
    y = _draw_sums(canvas, y)
    _draw_stripes(canvas, y + 88)
    canvas.text((middle, y + 152), "Thank you, come again!", 19, _PALE, "ma")
    return canvas.png()


def _draw_paper(canvas: Canvas) -> None:
    canvas.shade((94, 52, 558, 826), (30, 18, 8, 150), 12)
    teeth = [
        (90 + step * 10, 810 + (8 if step % 2 else 0) + 2 * math.sin(step)) for step in range(47)
    ]
    canvas.polygon([(90, 40), (550, 40), *reversed(teeth)], _PAPER)


def _draw_items(canvas: Canvas, y: float) -> float:
    _draw_rule(canvas, y - 16)
    for name, counted, price in _ITEMS:
        canvas.text((_LEFT, y), name, 22, _INK)
        canvas.text((_RIGHT, y), price, 22, _INK, "ra")
        y += 32
        if counted:
            canvas.text((_LEFT + 22, y - 2), counted, 19, _PALE)
            y += 28
    _draw_rule(canvas, y + 8)
    return y + 24


def _draw_sums(canvas: Canvas, y: float) -> float:
    for name, amount in _SUMS:
        canvas.text((_LEFT, y), name, 19, _PALE)
        canvas.text((_RIGHT, y), amount, 19, _PALE, "ra")
        y += 28
    canvas.text((_LEFT, y + 12), "TOTAL EUR", 32, _INK, bold=0.6)
    canvas.text((_RIGHT, y + 12), "21.94", 32, _INK, "ra", bold=0.6)
    canvas.text((_LEFT, y + 62), "Paid by card", 20, _INK)
    canvas.text((_RIGHT, y + 62), "**** 2087", 20, _INK, "ra")
    return y + 24


def _draw_rule(canvas: Canvas, y: float) -> None:
    for x in range(_LEFT, _RIGHT, 10):
        canvas.line([(x, y), (x + 5, y)], _PALE, 1.3)


def _draw_stripes(canvas: Canvas, y: float) -> None:
    x, at = 200.0, 0
    while x < 440:  # noqa: PLR2004 - where the paper's margin begins
        width = 2 + at * 7 % 5
        canvas.box((x, y, x + width, y + 48), _INK)
        x += width + 2 + at * 5 % 4
        at += 1
