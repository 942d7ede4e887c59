"""The progress of a batch: its outcomes, counts, and remaining time."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from .job import STATES, Outcome, SerializedError, State
from .throttle import Pace, Throttle

_LAST = 50
"""How many recent calls are averaged; older ones say little."""


class Estimate:
    """Estimates the time left from the duration of the last calls, and from the pace."""

    def __init__(self, seconds: Iterable[float]) -> None:
        self._seconds = deque(seconds, _LAST)

    def add(self, seconds: float) -> None:
        """Record how long a call took."""
        self._seconds.append(seconds)

    def left(self, waiting: int, running: int, throttle: Throttle, now: float) -> float | None:
        """Return the seconds until all are answered; None before the first answer."""
        if not waiting and not running:
            return 0.0
        if not self._seconds:
            return None
        # Running calls are half done on average, and a single call is no faster.
        rounds = max((waiting + running / 2) / throttle.concurrency, 1.0 if waiting else 0.5)
        begun = throttle.interval * waiting
        return throttle.pace(now).wait + max(fmean(self._seconds) * rounds, begun)


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

    problem: SerializedError | None = None
    """Why it stopped automatically."""

    unsaved: int = 0
    """How many outcomes `on_outcome` has not accepted yet."""

    save_problem: str = ""
    """The last error of `on_outcome`; "" if everything is saved."""


class OutcomeTable:
    """Outcomes by the index of their job. Callers must hold the batch's lock."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self._outcomes = list(outcomes)
        self._counts = Counter(outcome.state for outcome in self._outcomes)
        self._shown: tuple[Outcome, ...] | None = None

    def __getitem__(self, place: int) -> Outcome:
        return self._outcomes[place]

    def set(self, place: int, outcome: Outcome) -> None:
        """Replace an outcome."""
        self._counts[self._outcomes[place].state] -= 1
        self._counts[outcome.state] += 1
        self._outcomes[place] = outcome
        self._shown = None

    def indexes(self, state: State) -> list[int]:
        """Return the indexes of the outcomes in a state."""
        return [i for i, outcome in enumerate(self._outcomes) if outcome.state == state]

    def outcomes(self) -> tuple[Outcome, ...]:
        """Return all outcomes in order; the same object until one of them changes."""
        if self._shown is None:
            self._shown = tuple(self._outcomes)
        return self._shown

    def counts(self) -> dict[State, int]:
        """Return how many outcomes are in each state, zeros included."""
        return {state: self._counts[state] for state in STATES}
