"""The outcomes of a batch, in the order of its jobs."""

from collections import Counter
from collections.abc import Iterable

from .outcomes import STATES, Outcome, State


class Ledger:
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

    def places(self, state: State) -> list[int]:
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
