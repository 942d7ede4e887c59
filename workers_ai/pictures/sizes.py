"""The size in which a picture is sent, and sizes as text."""

SHORTEST_SIDE = 16
"""Vision models reject pictures of a few pixels (wire.md 4.2)."""


def sent_size(width: int, height: int, longest_side: int | None) -> tuple[int, int]:
    """Return the size within `longest_side` whose shorter side is at least 16 pixels.

    A small picture is enlarged in proportion. A strip too narrow for that keeps its length: the
    model squeezes every picture into a square anyway.
    """
    longest = max(width, height)
    factor = 1.0 if longest_side is None else min(1.0, longest_side / longest)
    grown = SHORTEST_SIDE / min(width, height)
    if factor < grown and longest * grown <= (longest_side or longest):
        factor = grown
    return max(SHORTEST_SIDE, round(width * factor)), max(SHORTEST_SIDE, round(height * factor))


def shown_size(width: int, height: int) -> str:
    """Return a size as text, with a multiplication sign."""
    return f"{width}\N{MULTIPLICATION SIGN}{height}"
