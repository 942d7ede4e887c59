"""The tokens that an engine's answer reports."""

import math
from typing import Any

import pytest

from experiments import LOGPROBS_REQUEST, reported_tokens
from workers_ai import Parameters, Response, ResponseError


def entry(token: str, probability: float, **more: Any) -> dict[str, Any]:
    return {"token": token, "logprob": math.log(probability), **more}


def response(*entries: Any) -> Response:
    return Response("", raw={"result": {"response": "", "logprobs": list(entries)}})


def test_each_token_comes_with_the_most_likely_alternatives() -> None:
    top = [entry("Paris", 0.6), entry("Lyon", 0.3)]
    first, second = reported_tokens(
        response(entry("Lyon", 0.3, top_logprobs=top), entry("Nice", 0.01, top_logprobs=top))
    )

    assert (first.text, first.chosen) == ("Lyon", 1)
    assert first.reported.texts == ("Paris", "Lyon")
    assert first.reported.rest == pytest.approx(0.1)
    assert (second.text, second.chosen) == ("Nice", None)
    assert second.probability == pytest.approx(0.01)
    # 0.3² / (0.6² + 0.3²), at half the temperature.
    settings = Parameters(temperature=0.5, top_k=2)
    assert first.reported.shares(settings).tokens[1].probability.most == pytest.approx(0.2)


def test_a_drawn_token_listed_beyond_its_rank_is_not_mistaken_for_the_next_most_likely() -> None:
    top = [entry("zebra", 0.001), entry("Paris", 0.6), entry("Lyon", 0.2)]
    [moment] = reported_tokens(response(entry("zebra", 0.001, top_logprobs=top)))

    assert (moment.text, moment.chosen) == ("zebra", None)
    assert moment.reported.texts == ("Paris", "Lyon")
    assert moment.reported.rest == pytest.approx(0.2)


def test_the_last_of_the_list_is_known_if_nothing_more_likely_can_remain() -> None:
    top = [entry("Paris", 0.6), entry("Lyon", 0.39)]
    [moment] = reported_tokens(response(entry("Lyon", 0.39, top_logprobs=top)))

    assert (moment.chosen, len(moment.reported.texts)) == (1, 2)


def test_tokens_with_the_same_text_are_distinguished_by_id() -> None:
    top = [entry("", 0.5, id=7, bytes=[230]), entry("", 0.5, id=9, bytes=[151])]
    [moment] = reported_tokens(response(entry("", 0.5, id=9, bytes=[151], top_logprobs=top)))

    assert (moment.text, moment.chosen) == ("\\x97", 1)
    assert moment.reported.texts == ("\\xe6", "\\x97")


@pytest.mark.parametrize("values", [["P"], [300], [-1], {}, "P", [None], []])
def test_invalid_bytes_leave_the_text(values: Any) -> None:
    top = [entry("Paris", 0.9, bytes=values)]
    [moment] = reported_tokens(response(entry("Paris", 0.9, bytes=values, top_logprobs=top)))

    assert (moment.text, moment.chosen, moment.reported.texts) == ("Paris", 0, ("Paris",))


@pytest.mark.parametrize(
    "raw", [None, [], "text", {}, {"result": "text"}, {"result": {"logprobs": None}}]
)
def test_an_answer_without_a_report_has_no_moments(raw: Any) -> None:
    assert reported_tokens(Response("Paris", raw=raw)) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "Paris",
        {"token": "Paris"},
        entry("Paris", 0.9),
        entry("Paris", 0.9, top_logprobs=[]),
        entry("Paris", 0.9, top_logprobs=["Paris"]),
        entry("Paris", 0.9, top_logprobs=[entry("Paris", 0.9), entry("Lyon", 0.9)]),
    ],
)
def test_another_form_is_refused(wrong: Any) -> None:
    with pytest.raises(ResponseError):
        reported_tokens(response(wrong))


def test_no_more_is_asked_for_than_engines_give() -> None:
    assert LOGPROBS_REQUEST == {"logprobs": True, "top_logprobs": 20}
