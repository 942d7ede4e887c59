"""A run of all checks of a backend, in order."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from workers_ai import (
    APIConnectionError,
    AuthenticationError,
    Client,
    InvalidRequestError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    Stop,
    WorkersAIError,
)

from .checks import EIGHT, Check, Verdict
from .counted_calls import CountedCalls

CHECKS: tuple[str, ...] = tuple(check.name for check in EIGHT)
"""The names of the checks, in order."""

# The requests are valid, so an invalid one means an address that is not allowed.
_MEETS_ALL = (AuthenticationError, InvalidRequestError, ModelUnavailableError, QuotaError)
_STOPPED = "It was stopped."


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check."""

    name: str
    title: str
    verdict: Verdict
    sentence: str
    """What was observed, or why the check could not be made."""

    seconds: float = 0.0
    calls: int = 0
    """How many calls to the model it made."""


def check_backend(client: Client, *, stop: Stop | None = None) -> Iterator[CheckResult]:
    """Make about ten small calls, and yield the result of each check as soon as it is known.

    A check judges by the response, not by the status alone. After an error that would affect every
    call, the remaining checks are `not tried`; so is a check that finds the server busy, which says
    nothing about the model. No `WorkersAIError` is raised.
    """
    calls = CountedCalls(client, stop or Stop())
    reason = ""
    for check in EIGHT:
        if reason or calls.stop.is_set():
            yield CheckResult(check.name, check.title, "not tried", reason or _STOPPED)
            continue
        result, reason = _made(check, calls)
        yield result


def _made(check: Check, calls: CountedCalls) -> tuple[CheckResult, str]:
    """Make one check; also return why the others would fail too, or ""."""
    began, before, reason = time.monotonic(), calls.count, ""
    try:
        verdict, sentence = check.make(calls)
    except WorkersAIError as error:
        sentence = error.message
        reason = sentence if not calls.stop.is_set() and _meets_all(error, calls) else ""
        verdict = _verdict(check, error, meets_all=bool(reason))
    if calls.stop.is_set():
        verdict, sentence = "not tried", _STOPPED
    seconds, made = time.monotonic() - began, calls.count - before
    return CheckResult(check.name, check.title, verdict, sentence, seconds, made), reason


def _meets_all(error: WorkersAIError, calls: CountedCalls) -> bool:
    """Return whether the error would affect every call; a lost connection may affect only one."""
    if isinstance(error, APIConnectionError):
        return not calls.answered or calls.is_out_of_reach()
    return isinstance(error, _MEETS_ALL)


def _verdict(check: Check, error: WorkersAIError, *, meets_all: bool) -> Verdict:
    tells_nothing = meets_all or isinstance(error, RateLimitError)
    return "not tried" if tells_nothing and check is not EIGHT[0] else "does not"
