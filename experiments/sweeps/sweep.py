"""A sweep: parameters with their values, and how often each combination is asked."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, Literal, NamedTuple

from workers_ai import PARAMETERS, Fault, InvalidRequestError, Parameters, Request
from workers_ai.json_values import shown
from workers_ai.validation import check_parameter

from .axis import Axis

MOST_AXES = 3
MOST_SAMPLES = 20
MOST_CELLS = 2000

SeedMode = Literal["unset", "fixed", "per sample"]
"""Not sent; the same in all cells; or one per sample, the same in all combinations."""

SEED_MODES: tuple[SeedMode, ...] = ("unset", "fixed", "per sample")


class Cell(NamedTuple):
    """One call of a sweep."""

    place: tuple[int, ...]
    """The index of the value on each axis."""

    values: tuple[float, ...]
    """The value on each axis."""

    sample: int
    """Counted from 1."""

    key: str
    """Identifies the cell by its content, so it is unaffected when other cells are added."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Up to three axes, and the number of samples per combination.

    Raises `InvalidRequestError` with a sentence for anything out of bounds, so every existing sweep
    can be run.
    """

    axes: Sequence[Axis] = ()
    """Stored as a tuple. The last one changes fastest."""

    samples: int = 1
    seeds: SeedMode = "unset"
    first_seed: int = 1
    """The seed of all cells, or of the first sample; later samples count up from it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "axes", tuple(self.axes))
        if faults := [
            *self._faults_of_axes(),
            *self._faults_of_samples(),
            *self._faults_of_seeds(),
        ]:
            raise InvalidRequestError(faults)
        if self.count > MOST_CELLS:
            sentence = f"this sweep has {self.count:,} cells; at most {MOST_CELLS:,} are allowed"
            raise InvalidRequestError([Fault("", f"{sentence}. Use fewer values or samples")])

    @property
    def count(self) -> int:
        """The number of calls."""
        return math.prod(len(axis.values) for axis in self.axes) * self.samples

    def cells(self) -> Iterator[Cell]:
        """Yield the cells: all samples of a combination in a row, the last axis fastest."""
        for places in product(*(range(len(axis.values)) for axis in self.axes)):
            pairs = zip(self.axes, places, strict=True)
            values = tuple(axis.values[place] for axis, place in pairs)
            for sample in range(1, self.samples + 1):
                yield Cell(places, values, sample, self._key(values, sample))

    def changes(self, cell: Cell) -> dict[str, Any]:
        """Return the parameters that a cell sets; None for the seed means that none is sent."""
        names = [axis.parameter for axis in self.axes]
        return {"seed": self._seed(cell.sample)} | dict(zip(names, cell.values, strict=True))

    def parameters(self, base: Parameters, cell: Cell) -> Parameters:
        """Return the parameters of a cell; those that are not swept are as in `base`."""
        given = {name: getattr(base, name) for name in PARAMETERS}
        return Parameters(**{**given, **self.changes(cell)})

    def requests(self, base: Request) -> Iterator[tuple[str, Callable[[], Request]]]:
        """Yield each cell's key and a function that builds its request.

        Messages, pictures, tools and the schema are those of `base`. Requests are built only on
        demand, because each one checks its messages again.
        """
        for cell in self.cells():
            yield cell.key, partial(base.replace, **self.changes(cell))

    def _seed(self, sample: int) -> int | None:
        if self.seeds == "unset":
            return None
        return self.first_seed if self.seeds == "fixed" else self.first_seed + sample - 1

    def _key(self, values: tuple[float, ...], sample: int) -> str:
        named = [
            f"{axis.parameter}={json.dumps(value)}"
            for axis, value in zip(self.axes, values, strict=True)
        ]
        seed = self._seed(sample)
        return ",".join([*named, *([] if seed is None else [f"seed={seed}"]), f"sample={sample}"])

    def _faults_of_axes(self) -> Iterator[Fault]:
        if len(self.axes) > MOST_AXES:
            sentence = f"at most {MOST_AXES} parameters can be swept, not {len(self.axes)}"
            yield Fault("axes", sentence)
        names = [axis.parameter for axis in self.axes]
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                yield Fault("axes", f"{name} is swept twice; put its values into one list")

    def _faults_of_samples(self) -> Iterator[Fault]:
        if self.samples not in range(1, MOST_SAMPLES + 1):
            sentence = f"{shown(self.samples)} is not accepted; the range is 1 to {MOST_SAMPLES}"
            yield Fault("samples", sentence)

    def _faults_of_seeds(self) -> Iterator[Fault]:
        if self.seeds not in SEED_MODES:
            modes = ", ".join(SEED_MODES)
            sentence = f"{shown(self.seeds)} is not accepted; it must be one of {modes}"
            yield Fault("seeds", sentence)
        elif self.seeds != "unset" and any(axis.parameter == "seed" for axis in self.axes):
            yield Fault("seeds", "seed is swept; the seeds of the samples must be unset")
        else:
            yield from self._faults_of_first_seed()

    def _faults_of_first_seed(self) -> Iterator[Fault]:
        last = self.first_seed + (self.samples - 1 if self.seeds == "per sample" else 0)
        try:
            check_parameter("seed", self.first_seed)
            check_parameter("seed", last)
        except InvalidRequestError as error:
            yield Fault("first_seed", error.faults[0].message)
