"""How fast a batch may go: as one allows, and as the server bears."""

from dataclasses import dataclass

from workers_ai import shown, wait_before

LARGEST_CONCURRENCY = 32

RAISE_AFTER = 10
"""Answers until one more call at once is tried, after the server has asked for fewer."""

_FIRST_BACKOFF = 0.5
_NEVER = float("-inf")
_BUSY = "The server asks for fewer calls"
_LOST = "The server cannot be reached"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a batch goes at a moment."""

    concurrency: int
    """How many calls are made at once."""

    reason: str = ""
    """Why they are fewer than one allows, or held back, as a sentence; "" if they are not."""

    wait: float = 0.0
    """Seconds for which no call is begun, because the server asked for it or is out of reach."""


class Throttle:
    """Halves the calls at once when the server refuses one, and raises them again one by one.

    With `per_minute` calls begin at an even distance, so that no minute sees more than that. Times
    are on the batch's clock, in seconds. Calls are told apart by the number that `begin` gives.
    """

    def __init__(self, concurrency: int, per_minute: int | None) -> None:
        self.allow(concurrency)
        self.allow_per_minute(per_minute)
        self._borne: int | None = None
        """How many the server seems to bear; None while it has not complained."""

        self._strikes = 0
        """How often in a row the server was busy or out of reach, calls at the same time as one."""

        self._since = self._last = self._held = _NEVER
        self._lost = False
        self._number = self._struck = self._cut = self._answers = 0

    def allow(self, concurrency: int) -> None:
        """Allow so many calls at once, or raise ValueError."""
        if not _is_count(concurrency) or concurrency > LARGEST_CONCURRENCY:
            raise ValueError(
                f"`concurrency` cannot be {shown(concurrency)}; "
                f"it must be a whole number from 1 to {LARGEST_CONCURRENCY}."
            )
        self.allowed = concurrency

    def allow_per_minute(self, per_minute: int | None) -> None:
        """Allow so many calls a minute, any number with None, or raise ValueError."""
        if per_minute is not None and not _is_count(per_minute):
            raise ValueError(
                f"`per_minute` cannot be {shown(per_minute)}; "
                "it must be a whole number of at least 1, or None for no limit."
            )
        self.interval = 60 / per_minute if per_minute else 0.0

    @property
    def concurrency(self) -> int:
        """How many calls are made at once: one, while the server does not even answer that."""
        return 1 if self._strikes > 1 else self._bearable

    @property
    def _bearable(self) -> int:
        return self.allowed if self._borne is None else min(self.allowed, self._borne)

    def wait(self, running: int, now: float) -> float:
        """Return the seconds until a call may begin; infinity if another has to end first."""
        if running >= self.concurrency:
            return float("inf")
        return max(0.0, self._held - now, self._last + self.interval - now)

    def begin(self, now: float) -> int:
        """Note that a call begins, and return its number."""
        self._last = now
        self._number += 1
        return self._number

    def answered(self, number: int) -> None:
        """Note that the server took a call, whatever it said."""
        self._strikes = 0
        if self._borne is None or number <= self._cut:
            return
        self._answers += 1
        if self._answers == RAISE_AFTER:
            self._answers = 0
            self._borne = self._borne + 1 if self._borne + 1 < self.allowed else None

    def refused(self, number: int, retry_after: float | None, now: float) -> None:
        """Note that the server was too busy for a call, and perhaps asked to wait."""
        self._hold(number, retry_after, now, lost=False)
        self._answers = 0
        # Those that were under way at the last cut say nothing about what it has brought.
        if number > self._cut:
            self._borne = max(1, self._bearable // 2)
            self._cut = self._number

    def lost(self, number: int, now: float) -> None:
        """Note that a call did not reach the server, or its line broke."""
        self._hold(number, None, now, lost=True)

    def troubled(self, now: float) -> float:
        """Return the seconds for which the server has been busy or out of reach, unbroken."""
        return now - self._since if self._strikes else 0.0

    def forgive(self) -> None:
        """Count trouble anew: somebody has asked to go on."""
        self._strikes = 0

    def pace(self, now: float) -> Pace:
        """Return how fast it goes."""
        wait, concurrency = max(0.0, self._held - now), self.concurrency
        if not wait and concurrency == self.allowed:
            return Pace(concurrency)
        reason = _LOST if wait and self._lost else _BUSY
        later = f" in {wait:.0f} s" if wait >= 1 else ""
        many = "one at a time" if concurrency == 1 else f"with {concurrency} at once"
        return Pace(concurrency, f"{reason}; going on{later} {many}.", wait)

    def _hold(self, number: int, retry_after: float | None, now: float, *, lost: bool) -> None:
        if not self._strikes:
            self._since = now
        if number > self._struck or not self._strikes:
            self._strikes += 1
            self._struck = self._number
        wait = wait_before(self._strikes, None, _FIRST_BACKOFF) or 0.0
        if retry_after is not None:
            # Servers that say 0 and stay busy are not to be asked without end.
            wait = max(retry_after, wait) if self._strikes > 1 else retry_after
        held = now + wait
        if held > self._held:
            self._held, self._lost = held, lost


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
