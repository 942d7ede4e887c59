"""How much may be asked for at once, and in a minute."""

import math
import time
from collections import deque
from dataclasses import dataclass

import httpx

from . import refusals


@dataclass(frozen=True, slots=True)
class Limits:
    """What an endpoint takes before it refuses, for all its callers together."""

    body: int = 16 * 1024 * 1024
    """Bytes of one request. The API publishes no figure (wire.md 3.5)."""

    concurrency: int = 256
    """Answers under way at once; each has a thread of its own."""

    per_minute: int | None = 300
    """Answers begun within a minute, as documented (wire.md 3.5); None is without limit."""

    seconds: float = 600.0
    """How long one answer may take."""

    body_seconds: float = 60.0
    """How long the body of a request may take to come."""


class Turnstile:
    """Counts who is inside, and who came in within the last minute. It belongs to one event loop.

    `enter()` lets in, or returns why not; whoever was let in has to `leave()`.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._entered: deque[float] = deque()
        self.inside = 0

    def enter(self) -> httpx.Response | None:
        """Let one in, or return the refusal."""
        now = time.monotonic()
        if self.inside >= self._limits.concurrency:
            return refusals.no_capacity()
        if (wait := self._wait(now)) > 0:
            return refusals.too_many(math.ceil(wait))
        self._entered.append(now)
        self.inside += 1
        return None

    def leave(self) -> None:
        """Let one out."""
        self.inside -= 1

    def _wait(self, now: float) -> float:
        """Return the seconds until the minute has room again."""
        while self._entered and now - self._entered[0] >= _MINUTE:
            self._entered.popleft()
        limit = self._limits.per_minute
        if limit is None or len(self._entered) < limit:
            return 0
        return self._entered[0] + _MINUTE - now if self._entered else _MINUTE


_MINUTE = 60.0
