"""The outcomes of a sweep as a table: a row for every combination of values."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from ..answer_figures.figures import Answered, Figures, figures_of
from .sweep import Sweep


class Result(NamedTuple):
    """What one combination of values came to."""

    settings: Mapping[str, float]
    """The values by their parameters."""

    figures: Figures

    def row(self) -> dict[str, Any]:
        """Return one row of a table."""
        return {**self.settings, **self.figures.row()}


def results(sweep: Sweep, answers: Mapping[str, Answered], schema: Any = None) -> Iterator[Result]:
    """Measure the answers, which stand by the keys of their cells; cells without one are left out.

    A combination of which nothing has come yet has figures too: no calls.
    """
    names = [axis.parameter for axis in sweep.axes]
    for values, cells in groupby(sweep.cells(), key=lambda cell: cell.values):
        given = [answers[cell.key] for cell in cells if cell.key in answers]
        yield Result(dict(zip(names, values, strict=True)), figures_of(given, schema))
