"""All checks of a backend, one after the other."""

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

# The requests are good ones: what is not valid is an address that is not allowed.
_MEETS_ALL = (AuthenticationError, InvalidRequestError, ModelUnavailableError, QuotaError)
_STOPPED = "It was stopped."


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one check."""

    name: str
    title: str
    verdict: Verdict
    sentence: str
    """What was seen, or why it could not be tried."""

    seconds: float = 0.0
    calls: int = 0
    """How many calls it made of the model."""


def check_backend(client: Client, *, stop: Stop | None = None) -> Iterator[CheckResult]:
    """Make about ten small calls, and yield what each check has seen as soon as it is known.

    A check judges by what came back, not by the status alone. Trouble that would meet every call
    alike ends them: the rest is `not tried`, and so is a check that meets a busy server, which
    tells nothing of the model. No `WorkersAIError` is raised.
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
    """Make one check; also return why no other one is worth making, "" if they are."""
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
    """Whether the error would meet any call; a line that broke may be due to one alone."""
    if isinstance(error, APIConnectionError):
        return not calls.answered or calls.is_out_of_reach()
    return isinstance(error, _MEETS_ALL)


def _verdict(check: Check, error: WorkersAIError, *, meets_all: bool) -> Verdict:
    tells_nothing = meets_all or isinstance(error, RateLimitError)
    return "not tried" if tells_nothing and check is not EIGHT[0] else "does not"
