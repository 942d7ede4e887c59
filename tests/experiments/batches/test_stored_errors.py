"""Errors are serialized and restored."""

import json
from dataclasses import asdict

import pytest

from experiments import SerializedError
from workers_ai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    ContextWindowError,
    Fault,
    InvalidImageError,
    InvalidRequestError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    ResponseError,
    WorkersAIError,
)

KINDS = [
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
]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_back_from_json_as_it_was(kind: type[WorkersAIError]) -> None:
    error = kind("It failed.", status_code=429, code=3040, retry_after=2.5)
    kept = SerializedError(**json.loads(json.dumps(asdict(SerializedError.of(error)))))
    again = kept.error()

    assert type(again) is kind
    assert (again.message, again.status_code) == ("It failed.", 429)
    assert (again.code, again.retry_after) == (3040, 2.5)
    assert str(kept) == "It failed."


def test_the_faults_of_a_request_come_back_as_one_sentence() -> None:
    error = InvalidRequestError([Fault("top_k", "too large"), Fault("seed", "too small")])
    again = SerializedError.of(error).error()

    assert type(again) is InvalidRequestError
    assert str(again) == str(error)


def test_an_unknown_name_is_an_error_all_the_same() -> None:
    assert type(SerializedError("Popen", "It failed.").error()) is WorkersAIError
