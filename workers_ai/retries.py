"""When and how long to wait before a request is made again (wire.md 3.4)."""

import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 60.0
"""Seconds. A server that asks for more is not waited for: the error says when to come back."""


def read_retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Read the header as seconds from now: a number or an HTTP date; None if it is neither."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, now or datetime.now(UTC))
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def wait_before(attempt: int, retry_after: float | None, first_backoff: float) -> float | None:
    """Return the seconds to wait after failure number `attempt` (1, 2, …), None for "give up".

    Without the server's word the wait doubles from `first_backoff` up to 8 s, less up to a quarter
    at random, so that clients that failed together do not come back together.
    """
    if retry_after is not None:
        return retry_after if retry_after <= LONGEST_WAIT else None
    wait = min(first_backoff * 2.0 ** (attempt - 1), 8.0)
    return wait * (1 - 0.25 * random.random())  # noqa: S311 - jitter is no secret


def _until(value: str, now: datetime) -> float:
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return math.nan
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())
