"""The pace of a batch: limited by the user's settings and by what the server can handle."""

from dataclasses import dataclass

from workers_ai.error_mapping import wait_before
from workers_ai.json_values import shown

LARGEST_CONCURRENCY = 32

RAISE_AFTER = 10
"""Answers before one more parallel call is tried, after the server has refused one."""

_FIRST_BACKOFF = 0.5
_NEVER = float("-inf")
_BUSY = "The server is busy"
_LOST = "The server cannot be reached"


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a batch at one moment."""

    concurrency: int
    """How many calls run in parallel."""

    reason: str = ""
    """Why calls are fewer than allowed, or delayed, as a sentence; "" if they are not."""

    wait: float = 0.0
    """Seconds until the next call may start, because the server is busy or unreachable."""


class Throttle:
    """Halves the parallel calls when the server refuses one, and raises them again one by one.

    With `per_minute`, calls start at even intervals, so no minute has more than that. Times are in
    seconds on the batch's clock. A call is identified by the number that `begin` returns.
    """

    def __init__(self, concurrency: int, per_minute: int | None) -> None:
        self.allow(concurrency)
        self.allow_per_minute(per_minute)
        self._borne: int | None = None
        """How many the server seems to handle; None until it refuses a call."""

        self._strikes = 0
        """How often in a row the server was busy or unreachable; simultaneous calls count once."""

        self._since = self._last = self._held = _NEVER
        self._lost = False
        self._number = self._struck = self._cut = self._answers = 0

    def allow(self, concurrency: int) -> None:
        """Set how many calls may run in parallel, or raise ValueError."""
        if not _is_count(concurrency) or concurrency > LARGEST_CONCURRENCY:
            raise ValueError(
                f"`concurrency` cannot be {shown(concurrency)}; "
                f"it must be a whole number from 1 to {LARGEST_CONCURRENCY}."
            )
        self.allowed = concurrency

    def allow_per_minute(self, per_minute: int | None) -> None:
        """Set how many calls may start per minute, None for no limit, or raise ValueError."""
        if per_minute is not None and not _is_count(per_minute):
            raise ValueError(
                f"`per_minute` cannot be {shown(per_minute)}; "
                "it must be a whole number of at least 1, or None for no limit."
            )
        self.interval = 60 / per_minute if per_minute else 0.0

    @property
    def concurrency(self) -> int:
        """How many calls may run in parallel: one, while the server does not answer even one."""
        return 1 if self._strikes > 1 else self._bearable

    @property
    def _bearable(self) -> int:
        return self.allowed if self._borne is None else min(self.allowed, self._borne)

    def wait(self, running: int, now: float) -> float:
        """Return the seconds until a call may start; infinity if another must end first."""
        if running >= self.concurrency:
            return float("inf")
        return max(0.0, self._held - now, self._last + self.interval - now)

    def begin(self, now: float) -> int:
        """Record that a call starts, and return its number."""
        self._last = now
        self._number += 1
        return self._number

    def answered(self, number: int) -> None:
        """Record that the server handled a call, whatever the response."""
        self._strikes = 0
        if self._borne is None or number <= self._cut:
            return
        self._answers += 1
        if self._answers == RAISE_AFTER:
            self._answers = 0
            self._borne = self._borne + 1 if self._borne + 1 < self.allowed else None

    def refused(self, number: int, retry_after: float | None, now: float) -> None:
        """Record that the server was too busy for a call, and may have asked to wait."""
        self._hold(number, retry_after, now, lost=False)
        self._answers = 0
        # Calls that were in flight at the last cut say nothing about its effect.
        if number > self._cut:
            self._borne = max(1, self._bearable // 2)
            self._cut = self._number

    def lost(self, number: int, now: float) -> None:
        """Record that a call did not reach the server, or that its connection was lost."""
        self._hold(number, None, now, lost=True)

    def seconds_failing(self, now: float) -> float:
        """Return how many seconds the server has been continuously busy or unreachable."""
        return now - self._since if self._strikes else 0.0

    def reset_failures(self) -> None:
        """Reset the failure count, because someone resumed the batch."""
        self._strikes = 0

    def pace(self, now: float) -> Pace:
        """Return the current pace."""
        wait, concurrency = max(0.0, self._held - now), self.concurrency
        if not wait and concurrency == self.allowed:
            return Pace(concurrency)
        reason = _LOST if wait and self._lost else _BUSY
        later = f" in {wait:.0f} s" if wait >= 1 else ""
        many = "one at a time" if concurrency == 1 else f"with {concurrency} in parallel"
        return Pace(concurrency, f"{reason}; continuing{later} {many}.", wait)

    def _hold(self, number: int, retry_after: float | None, now: float, *, lost: bool) -> None:
        if not self._strikes:
            self._since = now
        if number > self._struck or not self._strikes:
            self._strikes += 1
            self._struck = self._number
        wait = wait_before(self._strikes, None, _FIRST_BACKOFF) or 0.0
        if retry_after is not None:
            # Servers that return 0 and stay busy must not be called in an endless loop.
            wait = max(retry_after, wait) if self._strikes > 1 else retry_after
        held = now + wait
        if held > self._held:
            self._held, self._lost = held, lost


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
