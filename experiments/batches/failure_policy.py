"""What a failed call means for its job and for the whole batch (wire.md 3.4)."""

from typing import Literal

import httpx

from workers_ai import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    WorkersAIError,
    retries_for,
)

CHANCE_ROUNDS = 2
"""How often a job is put back for what may go better the next time, before it has failed."""

BUSY_ROUNDS = 8
"""The same where the server is busy, or what stands before it says so."""

_BUSY_STATUSES = frozenset({429, 502, 503, 529})

Verdict = Literal["meets all", "busy", "lost", "own"]
"""Every other job would fail of the same; the server would rather have fewer calls; it could not
be reached, or the line broke; or it is the job's own affair."""


def verdict_on(error: WorkersAIError) -> Verdict:
    """Say whom the error concerns."""
    if isinstance(error, QuotaError | AuthenticationError | ModelUnavailableError):
        return "meets all"
    if isinstance(error, APITimeoutError):
        return "lost" if isinstance(error.__cause__, httpx.ConnectTimeout) else "own"
    if isinstance(error, APIConnectionError):
        return "lost"
    busy = isinstance(error, RateLimitError) or error.status_code in _BUSY_STATUSES
    return "busy" if busy and retries_for(error, 1) else "own"


def rounds_for(error: WorkersAIError) -> float:
    """Return how often a job may be put back after this error; infinity while it is not its fault.

    Text that has come was made and paid for: such a call is not made again unasked.
    """
    if error.partial:
        return 0
    if isinstance(error, RateLimitError):
        return float("inf")
    verdict = verdict_on(error)
    if verdict == "busy":
        return BUSY_ROUNDS
    return CHANCE_ROUNDS if verdict == "lost" else retries_for(error, CHANCE_ROUNDS)
