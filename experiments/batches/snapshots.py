"""A batch at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .outcomes import Outcome, State
from .serialized_error import KeptError
from .throttle import Pace

BatchState = Literal["ready", "running", "paused", "stopped", "done"]
"""`done` means that every job is done or has failed. When a batch is paused or stops automatically,
running calls finish; the counts include them."""


@dataclass(frozen=True, slots=True)
class BatchSnapshot:
    """The progress of a batch."""

    state: BatchState
    counts: Mapping[State, int]
    """How many jobs are in each state; all states are present."""

    outcomes: tuple[Outcome, ...]
    """One for each job, in order; the same object as before if none has changed."""

    version: int
    """Grows with every change."""

    pace: Pace
    seconds_left: float | None
    """An estimate; None before anything is known. If the batch is not running, as if it resumed."""

    problem: KeptError | None = None
    """Why it stopped automatically."""

    unsaved: int = 0
    """How many outcomes `on_outcome` has not accepted yet."""

    save_problem: str = ""
    """The last error of `on_outcome`; "" if everything is saved."""
