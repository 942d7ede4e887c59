"""Decide the size that a picture is sent in, and write sizes down."""

SHORTEST_SIDE = 16
"""Vision models refuse pictures of a few pixels (wire.md 4.2)."""


def sent_size(width: int, height: int, longest_side: int | None) -> tuple[int, int]:
    """Fit into `longest_side`, then bring the shorter side to at least 16 pixels.

    A small picture grows in proportion. A strip so narrow that it cannot keeps its length: the
    model squeezes every picture into a square anyway.
    """
    longest = max(width, height)
    factor = 1.0 if longest_side is None else min(1.0, longest_side / longest)
    grown = SHORTEST_SIDE / min(width, height)
    if factor < grown and longest * grown <= (longest_side or longest):
        factor = grown
    return max(SHORTEST_SIDE, round(width * factor)), max(SHORTEST_SIDE, round(height * factor))


def shown_size(width: int, height: int) -> str:
    """Write a size as people do, with a multiplication sign."""
    return f"{width}\N{MULTIPLICATION SIGN}{height}"
