"""What a failed call means for its job and for the whole batch."""

import httpx
import pytest

from experiments.batches.failure_policy import (
    BUSY_ROUNDS,
    CHANCE_ROUNDS,
    Verdict,
    rounds_for,
    verdict_on,
)
from workers_ai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    ContextWindowError,
    InvalidImageError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    ResponseError,
    WorkersAIError,
)

EVER = float("inf")


def timed_out(cause: Exception) -> APITimeoutError:
    error = APITimeoutError("Too late.")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "verdict", "rounds"),
    [
        (QuotaError("", status_code=429, code=3036), "meets all", 0),
        (AuthenticationError("", status_code=401), "meets all", 0),
        (ModelUnavailableError("", status_code=410, code=5028), "meets all", 0),
        (RateLimitError("", status_code=429, code=3021), "busy", EVER),
        (RateLimitError("", status_code=200, code=3040), "busy", EVER),
        (APIStatusError("", status_code=502, code=7009), "busy", BUSY_ROUNDS),
        (APIStatusError("", status_code=503), "busy", BUSY_ROUNDS),
        (APIStatusError("", status_code=500), "own", CHANCE_ROUNDS),
        (APIStatusError("", status_code=408, code=3046), "own", 1),
        (APIStatusError("", status_code=400, code=5006), "own", 0),
        (ContextWindowError("", status_code=413, code=5021), "own", 0),
        (APIConnectionError(""), "lost", CHANCE_ROUNDS),
        (timed_out(httpx.ConnectTimeout("")), "lost", CHANCE_ROUNDS),
        (timed_out(httpx.ReadTimeout("")), "own", 0),
        (ResponseError(""), "own", 0),
        (InvalidImageError(""), "own", 0),
        (APIConnectionError("", partial="Half"), "lost", 0),
        (RateLimitError("", status_code=200, code=3040, partial="Half"), "busy", 0),
    ],
    ids=lambda value: f"{type(value).__name__}" if isinstance(value, Exception) else str(value),
)
def test_each_error_has_its_verdict(error: WorkersAIError, verdict: Verdict, rounds: float) -> None:
    assert (verdict_on(error), rounds_for(error)) == (verdict, rounds)
