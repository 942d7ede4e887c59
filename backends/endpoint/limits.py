"""Limits on parallel requests and on requests per minute."""

import math
import time
from collections import deque
from dataclasses import dataclass

import httpx

from . import error_responses


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an endpoint, for all callers together."""

    body: int = 16 * 1024 * 1024
    """Bytes per request. The API publishes no figure (wire.md 3.5)."""

    concurrency: int = 256
    """Answers in progress at the same time; each has its own thread."""

    per_minute: int | None = 300
    """Answers started per minute, as documented (wire.md 3.5); None means no limit."""

    seconds: float = 600.0
    """Seconds that one answer may take."""

    body_seconds: float = 60.0
    """Seconds in which the body of a request must arrive."""


class RateLimiter:
    """Counts the requests in progress and those of the last minute. It belongs to one event loop.

    `enter()` admits a request or returns a refusal; every admitted request must `leave()`.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._entered: deque[float] = deque()
        self.in_progress = 0

    def enter(self) -> httpx.Response | None:
        """Admit a request, or return the refusal."""
        now = time.monotonic()
        if self.in_progress >= self._limits.concurrency:
            return error_responses.no_capacity()
        if (wait := self._wait(now)) > 0:
            return error_responses.too_many(math.ceil(wait))
        self._entered.append(now)
        self.in_progress += 1
        return None

    def leave(self) -> None:
        """Release an admitted request."""
        self.in_progress -= 1

    def _wait(self, now: float) -> float:
        """Return the seconds until the minute has room again."""
        while self._entered and now - self._entered[0] >= _MINUTE:
            self._entered.popleft()
        limit = self._limits.per_minute
        if limit is None or len(self._entered) < limit:
            return 0
        return self._entered[0] + _MINUTE - now if self._entered else _MINUTE


_MINUTE = 60.0
