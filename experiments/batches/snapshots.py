"""A batch at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .outcomes import Outcome, State
from .serialized_error import KeptError
from .throttle import Pace

BatchState = Literal["ready", "running", "paused", "stopped", "done"]
"""`done` means that every job is done or has failed. Calls that run when a batch is paused, or
stops by itself, go on to their end; the counts tell."""


@dataclass(frozen=True, slots=True)
class BatchSnapshot:
    """How far a batch has come."""

    state: BatchState
    counts: Mapping[State, int]
    """How many jobs there are of each state; all states are there."""

    outcomes: tuple[Outcome, ...]
    """One for each job, in order; the same object as before if none has changed."""

    version: int
    """Grows with every change."""

    pace: Pace
    seconds_left: float | None
    """A guess; None before anything is known. One that is not running counts as if it went on."""

    problem: KeptError | None = None
    """Why it has stopped by itself."""

    unsaved: int = 0
    """Outcomes that `on_outcome` has not taken yet."""

    save_problem: str = ""
    """What `on_outcome` said when it last failed; "" when all is saved."""
