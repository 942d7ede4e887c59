"""Limits of a check: time, depth, size."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from workers_ai import Fault
from workers_ai.json_values import DEEPEST_NESTING, LONGEST_INTEGER, nesting

LONGEST_CHECK = 3.0
"""Seconds. An answer that fills the context window takes about one."""

_LARGEST_INTEGER = 10**LONGEST_INTEGER - 1

TIMEOUT_FAULT = Fault(
    "", "it could not be checked in time: the schema, or a pattern in it, takes too long to check"
)
RECURSION_FAULT = Fault(
    "", "it is nested too deeply, or refers to itself endlessly, and cannot be checked"
)


class OutOfTimeError(Exception):
    """The check ran out of time and was stopped."""


class Check:
    """A running check, with its deadline."""

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    def tick(self) -> None:
        """Raise OutOfTimeError once the time is up."""
        if time.monotonic() > self.deadline:
            raise OutOfTimeError


_current: ContextVar[Check] = ContextVar("check")


@contextmanager
def check_scope() -> Iterator[Check]:
    """Start a check that the keywords find with `current_check`."""
    check = Check(LONGEST_CHECK)
    token = _current.set(check)
    try:
        yield check
    finally:
        _current.reset(token)


def current_check() -> Check:
    """Return the running check."""
    return _current.get()


def size_fault(value: object) -> Fault | None:
    """Return the fault of a JSON value that exceeds a limit, or None."""
    if nesting(value) > DEEPEST_NESTING:
        return Fault("", f"it is nested more than {DEEPEST_NESTING} levels deep")
    if _has_endless_integer(value):
        return Fault("", f"integers of more than {LONGEST_INTEGER} digits are not accepted")
    return None


def _has_endless_integer(value: object) -> bool:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack += item.values()
        elif isinstance(item, list):
            stack += item
        elif isinstance(item, int) and abs(item) > _LARGEST_INTEGER:
            return True
    return False
