"""Waiting times between retries (wire.md 3.4)."""

import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 60.0
"""Seconds. If a server asks for more, there is no retry: the error states the server's wait."""


def read_retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Parse the header, a number or an HTTP date, as seconds from now; None if it is neither."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, now or datetime.now(UTC))
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def wait_before(attempt: int, retry_after: float | None, first_backoff: float) -> float | None:
    """Return the seconds to wait after failure number `attempt` (1, 2, …), or None to give up.

    Without `retry_after` the wait doubles from `first_backoff` up to 8 s, minus random jitter of
    up to a quarter, which spreads the retries of clients that failed together.
    """
    if retry_after is not None:
        return retry_after if retry_after <= LONGEST_WAIT else None
    wait = min(first_backoff * 2.0 ** (attempt - 1), 8.0)
    return wait * (1 - 0.25 * random.random())  # noqa: S311 - jitter is not a secret


def _until(value: str, now: datetime) -> float:
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return math.nan
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())
