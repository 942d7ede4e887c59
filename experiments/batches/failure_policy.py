"""The consequences of a failed call for its job and for the whole batch (wire.md 3.4)."""

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
)
from workers_ai.error_mapping import retries_for

CHANCE_ROUNDS = 2
"""How often a job is retried after an error that may be temporary, before it has failed."""

BUSY_ROUNDS = 8
"""The same limit if the server, or a proxy in front of it, is busy."""

_BUSY_STATUSES = frozenset({429, 502, 503, 529})

Verdict = Literal["meets all", "busy", "lost", "own"]
"""Every other job would fail the same way; the server is busy; the connection failed or was lost;
or the error is the job's own."""


def verdict_on(error: WorkersAIError) -> Verdict:
    """Return whom the error concerns."""
    if isinstance(error, QuotaError | AuthenticationError | ModelUnavailableError):
        return "meets all"
    if isinstance(error, APITimeoutError):
        return "lost" if isinstance(error.__cause__, httpx.ConnectTimeout) else "own"
    if isinstance(error, APIConnectionError):
        return "lost"
    busy = isinstance(error, RateLimitError) or error.status_code in _BUSY_STATUSES
    return "busy" if busy and retries_for(error, 1) else "own"


def rounds_for(error: WorkersAIError) -> float:
    """Return how often a job may be retried after this error; infinity if it is not its fault.

    Text that has arrived was paid for, so such a call is not repeated without being asked.
    """
    if error.partial:
        return 0
    if isinstance(error, RateLimitError):
        return float("inf")
    verdict = verdict_on(error)
    if verdict == "busy":
        return BUSY_ROUNDS
    return CHANCE_ROUNDS if verdict == "lost" else retries_for(error, CHANCE_ROUNDS)
