"""The most likely next tokens that engines report."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.builtin.sampling import distribution
from experiments import ProbabilityShares
from experiments.next_token.reported_probabilities import from_logprobs
from workers_ai import Parameters, ResponseError

VOCABULARY = 12
Situation = tuple[Any, int, int | None, dict[str, Any]]
LOGITS = np.array([2.0, 1.6, 1.0, 0.4, 0.1, -0.2, -0.5, -1.0, -1.5, -2.0, -2.5, -3.0])


def entries(logits: Any, count: int) -> list[dict[str, Any]]:
    logprobs = logits - np.log(np.exp(logits).sum())
    return [
        {"token": str(at), "logprob": float(logprobs[at]), "bytes": None} for at in range(count)
    ]


def shares(count: int, *, vocabulary: int | None = VOCABULARY, **given: Any) -> ProbabilityShares:
    return from_logprobs(entries(LOGITS, count)).shares(Parameters(**given), vocabulary=vocabulary)


def test_what_is_not_reported_is_left_to_1() -> None:
    found = from_logprobs(entries(LOGITS, 4))

    assert found.texts == ("0", "1", "2", "3")
    assert sum(found.probabilities) + found.rest == pytest.approx(1)
    assert 0 < found.rest < 1


def test_the_order_of_the_report_does_not_matter() -> None:
    assert from_logprobs(entries(LOGITS, 4)[::-1]) == from_logprobs(entries(LOGITS, 4))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    gaps = draw(st.lists(st.floats(0.01, 3), min_size=2, max_size=30))
    logits = -np.cumsum(gaps)
    settings = {
        "temperature": draw(st.just(0) | st.floats(0.05, 5)),
        "top_k": draw(st.none() | st.integers(1, 35)),
        "top_p": draw(st.none() | st.floats(0, 1.2)),
    }
    vocabulary = draw(st.sampled_from([len(gaps), None]))
    return logits, draw(st.integers(1, len(gaps))), vocabulary, settings


@given(situations())
def test_the_truth_lies_within_the_bounds(situation: Situation) -> None:
    logits, known, vocabulary, settings = situation
    reported = from_logprobs(entries(logits, known))
    found = reported.shares(Parameters(**settings), vocabulary=vocabulary)
    truth = distribution(logits, **settings)

    for token, chance in zip(found.tokens, truth[:known], strict=True):
        assert token.probability.least <= chance * (1 + 1e-6) + 1e-9
        assert token.probability.most >= chance * (1 - 1e-6) - 1e-9
    rest = float(truth[known:].sum())
    assert found.rest.least - 1e-6 <= rest <= found.rest.most + 1e-6


@pytest.mark.parametrize(
    "given",
    [
        {"temperature": 1},
        {"temperature": 0},
        {"temperature": 5, "top_k": 4},
        {"temperature": 2, "top_k": 3, "top_p": 0.6},
        {"temperature": 1, "top_p": 0.5},
        {"temperature": 3, "top_p": 0},
    ],
)
def test_it_is_exact_where_only_reported_tokens_matter(given: dict[str, Any]) -> None:
    found = shares(4, **given)
    truth = distribution(LOGITS, **given)

    assert found.exact
    assert [token.probability.least for token in found.tokens] == pytest.approx(truth[:4].tolist())
    assert [token.kept for token in found.tokens] == [chance > 0 for chance in truth[:4]]


def test_elsewhere_there_are_bounds_and_they_are_not_hidden() -> None:
    found = shares(4, temperature=2)

    assert not found.exact
    first = found.tokens[0].probability
    assert first.least < distribution(LOGITS, temperature=2)[0] < first.most
    assert 0 < found.rest.least < found.rest.most < 1


def test_the_bounds_are_close_when_little_is_unknown() -> None:
    first = shares(10, temperature=1.2).tokens[0].probability

    assert first.most - first.least < 0.01


def test_a_hot_vocabulary_of_unknown_size_may_hold_anything() -> None:
    found = shares(4, vocabulary=None, temperature=2)

    assert [token.probability.least for token in found.tokens] == [0, 0, 0, 0]
    assert found.rest.most == 1


def test_whether_top_p_keeps_a_token_may_be_unknown() -> None:
    found = shares(3, vocabulary=None, temperature=0.5, top_p=0.88)

    assert [token.kept for token in found.tokens] == [True, True, None]
    assert found.tokens[2].probability.least == 0 < found.tokens[2].probability.most


def test_all_that_is_reported_may_be_all_there_is() -> None:
    found = shares(VOCABULARY, temperature=3, top_p=0.9)

    assert found.exact
    assert found.rest == (0, 0)


def test_tokens_that_cannot_come_are_left_out_and_leave_no_rest() -> None:
    top_logprobs = [*entries(np.array([1.0, 0.0]), 2), {"token": "x", "logprob": -9999.0}]
    found = from_logprobs(top_logprobs)

    assert found.texts == ("0", "1")
    assert found.rest == 0


def test_the_default_temperature_counts_where_none_is_sent() -> None:
    assert shares(4, top_k=4) == shares(4, top_k=4, temperature=0.6)


@pytest.mark.parametrize(
    ("top_logprobs", "sentence"),
    [
        ([], "The engine reports no likely tokens."),
        ([{"token": "a", "logprob": -9999}], "The engine reports no likely tokens."),
        ([{"token": "a", "logprob": 0.9}, {"token": "b", "logprob": 0.1}], "add up to 2.00"),
        ([{"token": "a"}], "an object is not a token with a log-probability."),
        ([{"token": 1, "logprob": -1}], "an object is not a token"),
        ([{"token": "a", "logprob": math.nan}], "an object is not a token"),
        ([None], "null is not a token"),
        (["a"], '"a" is not a token'),
    ],
)
def test_what_is_not_a_report_is_refused(top_logprobs: list[Any], sentence: str) -> None:
    with pytest.raises(ResponseError) as caught:
        from_logprobs(top_logprobs)
    assert sentence in caught.value.message


def test_rounding_is_forgiven() -> None:
    found = from_logprobs([{"token": "a", "logprob": -0.69}, {"token": "b", "logprob": -0.69}])

    assert found.rest == 0
