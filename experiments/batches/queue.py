"""The queue of waiting jobs."""

import heapq
from collections.abc import Iterable

_IMMEDIATELY = float("-inf")


class WaitingLine:
    """A queue of job indexes, lowest first; delayed jobs come after all others.

    Times are in seconds on the batch's clock. Callers must hold the batch's lock.
    """

    def __init__(self, places: Iterable[int]) -> None:
        self._places = [(_IMMEDIATELY, place) for place in places]
        heapq.heapify(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def put(self, place: int, not_before: float | None = None) -> None:
        """Add a job: at its own position, or at the end with a delay."""
        heapq.heappush(self._places, (_IMMEDIATELY if not_before is None else not_before, place))

    def wait(self, now: float) -> float:
        """Return the seconds until the next job's turn; the queue must not be empty."""
        return max(0.0, self._places[0][0] - now)

    def take(self) -> int:
        """Remove and return the next job."""
        return heapq.heappop(self._places)[1]
