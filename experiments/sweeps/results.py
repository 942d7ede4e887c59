"""The outcomes of a sweep as a table, with one row per combination of values."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from ..answer_figures.figures import EndedCall, Figures, figures_of
from .sweep import Sweep


class Result(NamedTuple):
    """The figures for one combination of values."""

    settings: Mapping[str, float]
    """The values, by parameter."""

    figures: Figures

    def row(self) -> dict[str, Any]:
        """Return one row of a table."""
        return {**self.settings, **self.figures.row()}


def results(sweep: Sweep, answers: Mapping[str, EndedCall], schema: Any = None) -> Iterator[Result]:
    """Yield the figures of the answers, given by cell key; cells without an answer are omitted.

    A combination without any answers has figures too, with zero calls.
    """
    names = [axis.parameter for axis in sweep.axes]
    for values, cells in groupby(sweep.cells(), key=lambda cell: cell.values):
        given = [answers[cell.key] for cell in cells if cell.key in answers]
        yield Result(dict(zip(names, values, strict=True)), figures_of(given, schema))
