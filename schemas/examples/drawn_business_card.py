"""A business card on a desk."""

from .drawing import Canvas, Color

_INK: Color = (34, 42, 54)
_PALE: Color = (96, 106, 120)
_ACCENT: Color = (14, 116, 104)
_LINES = (
    ("Phone", "+44 20 7946 0321"),
    ("E-mail", "m.okafor@northwind.example"),
    ("Web", "www.northwind.example"),
)


def draw_business_card() -> bytes:
    """Draw the card of Maya Okafor, landscape architect at Northwind Studio."""
    canvas = Canvas(860, 560, (206, 210, 216))
    canvas.fade((0, 0, 860, 560), (218, 222, 228), (190, 196, 204))
    canvas.shade((74, 82, 794, 502), (50, 60, 76, 130), 12)
    canvas.box((70, 70, 790, 490), (255, 255, 255), radius=10)
    canvas.box((70, 70, 92, 490), _ACCENT, radius=6)
    canvas.box((84, 70, 92, 490), _ACCENT)
    _draw_sign(canvas, 700, 150)
    canvas.text((140, 112), "Maya Okafor", 46, _INK, bold=0.5)
    canvas.text((140, 174), "Landscape architect", 25, _ACCENT)
    canvas.text((140, 208), "Northwind Studio", 25, _PALE)
    canvas.line([(140, 262), (740, 262)], (220, 224, 230), 2)
    _draw_lines(canvas)
    return canvas.png()


def _draw_sign(canvas: Canvas, x: float, y: float) -> None:
    canvas.ellipse((x - 48, y - 48, x + 48, y + 48), _ACCENT)
    canvas.polygon([(x, y - 34), (x + 20, y + 26), (x, y + 12)], (255, 255, 255))
    canvas.polygon([(x, y - 34), (x - 20, y + 26), (x, y + 12)], (176, 222, 214))


def _draw_lines(canvas: Canvas) -> None:
    y = 290
    for name, value in _LINES:
        canvas.text((140, y), name, 22, _PALE)
        canvas.text((240, y), value, 22, _INK)
        y += 40
    canvas.text((140, y), "Office", 22, _PALE)
    canvas.text((240, y), "8 Canal Walk, Leeds LS1 4DJ", 22, _INK)
