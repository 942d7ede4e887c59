"""The jobs that wait, and whose turn it is."""

import heapq
from collections.abc import Iterable

_AT_ONCE = float("-inf")


class WaitingLine:
    """Places of jobs: the first one first; those that wait for a moment come after all others.

    Times are on the batch's clock, in seconds. Whoever uses it holds the batch's lock.
    """

    def __init__(self, places: Iterable[int]) -> None:
        self._places = [(_AT_ONCE, place) for place in places]
        heapq.heapify(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def put(self, place: int, not_before: float | None = None) -> None:
        """Let a job wait: in its place, or at the end for a moment to come."""
        heapq.heappush(self._places, (_AT_ONCE if not_before is None else not_before, place))

    def wait(self, now: float) -> float:
        """Return the seconds until the turn of the next; there must be one."""
        return max(0.0, self._places[0][0] - now)

    def take(self) -> int:
        """Take out the job whose turn it is."""
        return heapq.heappop(self._places)[1]
