"""Numbers, durations, ages and sizes, formatted for people."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

_MINUTE, _HOUR, _DAY = 60, 3600, 24 * 3600


def duration(seconds: float) -> str:
    """Format a short duration: `41 ms`, `2.5 s`."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def age(when: float) -> str:
    """Return roughly how long ago `when` was, in seconds since 1970; a date after one day."""
    passed = time.time() - when
    if passed < _MINUTE:
        return "now"
    if passed < _HOUR:
        return f"{int(passed // _MINUTE)} min"
    if passed < _DAY:
        return f"{int(passed // _HOUR)} h"
    zone = ZoneInfo(st.context.timezone) if st.context.timezone else UTC
    return f"{datetime.fromtimestamp(when, zone):%Y-%m-%d}"


def size(count: int) -> str:
    """Return a number of bytes in readable units."""
    for unit, divisor, digits in (("MB", 1_000_000, 1), ("kB", 1_000, 0)):
        if count >= divisor:
            return f"{count / divisor:.{digits}f} {unit}"
    return f"{count} B"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 error`, `2,000 errors`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
