"""The remaining time of a batch."""

from collections import deque
from collections.abc import Iterable
from statistics import fmean

from .throttle import Throttle

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
