"""How long a batch still takes."""

from collections import deque
from collections.abc import Iterable
from statistics import fmean

from .throttle import Throttle

_LAST = 50
"""Calls that are looked back on: what was long ago says little."""


class Estimate:
    """Guesses the time left from how long the last calls took, and from the pace."""

    def __init__(self, seconds: Iterable[float]) -> None:
        self._seconds = deque(seconds, _LAST)

    def add(self, seconds: float) -> None:
        """Note how long a call took."""
        self._seconds.append(seconds)

    def left(self, waiting: int, running: int, throttle: Throttle, now: float) -> float | None:
        """Return the seconds until all are answered; None while no call is known."""
        if not waiting and not running:
            return 0.0
        if not self._seconds:
            return None
        # Calls that run are half done, on an average; and none is shorter for being alone.
        rounds = max((waiting + running / 2) / throttle.concurrency, 1.0 if waiting else 0.5)
        begun = throttle.interval * waiting
        return throttle.pace(now).wait + max(fmean(self._seconds) * rounds, begun)
