"""A table of figures: ours, the naive chat's, and the aim."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

HEAD = ("figure", "ours", "naive", "aim", "met")


@dataclass
class Figure:
    """One figure: each contender's samples. Medians are compared; the range is also shown."""

    name: str
    unit: str = "ms"
    aim: str = ""
    reached: Callable[[float, float], bool] | None = None
    """Returns whether the medians, ours and the naive chat's, meet the aim."""

    samples: dict[str, list[float]] = field(default_factory=dict)

    def add(self, contender: str, value: float) -> None:
        self.samples.setdefault(contender, []).append(value)

    def median(self, contender: str) -> float:
        return median(self.samples[contender])

    def cells(self) -> tuple[str, ...]:
        ours, naive = (self._shown(name) for name in ("ours", "naive"))
        return (f"{self.name} [{self.unit}]", ours, naive, self.aim, self._verdict())

    def _verdict(self) -> str:
        if self.reached is None:
            return ""
        return "yes" if self.reached(self.median("ours"), self.median("naive")) else "NO"

    def _shown(self, contender: str) -> str:
        return shown(self.samples[contender]) if contender in self.samples else ""


def shown(values: list[float]) -> str:
    """Return the median and the range as text."""
    return f"{_number(median(values))} ({_number(min(values))} to {_number(max(values))})"


def print_table(rows: list[tuple[str, ...]], head: tuple[str, ...] = HEAD) -> None:
    """Print a Markdown table."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, tuple("-" * width for width in widths), *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"| {' | '.join(cells)} |")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
