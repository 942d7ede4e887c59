"""The state of the built-in model at each token of its answers."""

from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends import BuiltIn, TokenStep
from backends.builtin.answer import next_tokens as scored_candidates
from experiments import next_tokens, sampling_stages
from experiments.next_token.replay import token_text
from workers_ai import (
    ChatRequest,
    Client,
    InvalidRequestError,
    PromptRequest,
    Request,
    parse_request,
)

QUESTION = "What does temperature do?"
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "count": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["title", "count", "tags"],
    "additionalProperties": False,
}


def chat(question: str = QUESTION, **given: Any) -> ChatRequest:
    request = parse_request({"messages": [{"role": "user", "content": question}], **given})
    assert isinstance(request, ChatRequest)
    return request


def answer_to(request: Request) -> tuple[str, int]:
    with Client(BuiltIn()) as client:
        response = client.run(request)
    assert response.usage is not None
    return response.text, response.usage.completion_tokens


def spelled_out(found: list[TokenStep]) -> str:
    written = (each.vocabulary[each.token] for each in found if each.token is not None)
    return b"".join(written).decode("utf-8", "replace")


REQUESTS: dict[str, Request] = {
    "chat": chat(seed=1),
    "hot": chat(seed=2, temperature=5),
    "penalized": chat(seed=3, temperature=1, frequency_penalty=1, repetition_penalty=1.3),
    "thorough": chat("Tell me everything about PEP 8", seed=4, temperature=1),
    "cut": chat(seed=5, max_tokens=7),
    "prompt": PromptRequest(prompt="Why is pizza so good?", seed=6, top_p=0.9),
    "raw": PromptRequest(prompt="The temperature is", raw=True, seed=7),
    "guided": chat("A record about pizza", seed=8, guided_json=SCHEMA, temperature=1),
    "guided and cut": chat("A record about pizza", seed=9, guided_json=SCHEMA, max_tokens=9),
    "guided and hurried": chat("A record about pizza", seed=9, guided_json=SCHEMA, max_tokens=24),
    "other scripts": chat("Repeat exactly: 日本語 café 🎉", seed=10),
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_with_a_seed_every_token_is_found_again(request_: Request) -> None:
    text, count = answer_to(request_)
    found = list(next_tokens(request_, text))
    tokens = [each for each in found if each.token is not None]

    assert spelled_out(found) == text
    assert len(tokens) == count
    assert all(each.sure for each in found)


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_what_came_could_come(request_: Request) -> None:
    text, _ = answer_to(request_)
    for each in next_tokens(request_, text):
        if each.token is not None:
            assert sampling_stages(each, request_).probabilities[each.token] > 0


@pytest.mark.parametrize("name", ["chat", "thorough", "cut", "prompt", "raw", "guided"])
def test_without_a_seed_the_text_is_tokenized_in_the_most_likely_way(name: str) -> None:
    text, count = answer_to(REQUESTS[name])
    found = list(next_tokens(REQUESTS[name].replace(seed=None), text))

    assert spelled_out(found) == text
    tokens = [each for each in found if each.token is not None]
    assert abs(len(tokens) - count) <= 1
    assert not any(each.sure for each in tokens)


def test_a_moment_knows_the_tokens_before_it() -> None:
    text, _ = answer_to(chat(seed=1))
    third = next(islice(next_tokens(chat(seed=1), text), 2, None))

    words = [token_text(third.vocabulary[token]) for token in third.answer]
    assert words == ["Temperature", " controls"]
    assert {" temperature", "?"} & {token_text(third.vocabulary[token]) for token in third.prompt}


def test_after_the_last_token_comes_the_end() -> None:
    text, _ = answer_to(chat(seed=1))
    *_, last = next_tokens(chat(seed=1), text)

    assert last.token is None
    rows = sampling_stages(last, chat()).rows(5)
    assert "<end>" in [row.text for row in rows]


def test_the_first_moment_needs_no_answer() -> None:
    found = list(next_tokens(chat(), ""))

    assert len(found) == 1
    assert sampling_stages(found[0], chat()).rows(1)[0].text == "Temperature"


def test_it_agrees_with_what_the_model_reports_of_itself() -> None:
    request = chat(temperature=1, presence_penalty=0.5, top_k=20)
    *_, last = next_tokens(request, "Temperature controls how")
    candidates = scored_candidates(request.body(), written="Temperature controls how", most=20)
    rows = sampling_stages(last, request).rows(20)

    assert [row.text for row in rows] == [token_text(each.token) for each in candidates]
    assert [row.probabilities[-1] for row in rows] == pytest.approx(
        [each.probability for each in candidates]
    )


def test_a_schema_forbids_most_tokens() -> None:
    request = chat(guided_json=SCHEMA)
    (first,) = next_tokens(request, "")
    shaped = sampling_stages(first, request)

    assert shaped.stages[0].kept < 10
    assert shaped.rows(1)[0].text.strip().startswith("{")
    assert shaped.rows(50)[-1].cut_by == "raw"


def test_an_answer_that_calls_a_tool_has_no_moments() -> None:
    tool = {
        "name": "get_weather",
        "description": "Get the weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "The city"}},
            "required": ["city"],
        },
    }
    request = chat("What is the weather in Paris?", tools=[tool])

    assert list(next_tokens(request, "")) == []


def test_a_request_that_the_model_refuses_is_reported() -> None:
    with pytest.raises(InvalidRequestError, match="does not accept this request"):
        list(next_tokens(chat(max_tokens=80_000), ""))
    with pytest.raises(InvalidRequestError, match="does not accept this request"):
        list(next_tokens(chat(guided_json={"type": "nothing"}), ""))


@given(st.text(max_size=40), st.sampled_from([None, 3]))
def test_any_text_is_followed_as_far_as_it_goes(text: str, seed: int | None) -> None:
    found = list(next_tokens(chat().replace(seed=seed), text))

    assert found[-1].token is None
    assert text.encode(errors="replace").decode().startswith(spelled_out(found).rstrip("\ufffd"))


def test_json_that_the_schema_forbids_is_followed_as_far_as_it_goes() -> None:
    found = list(next_tokens(chat(guided_json=SCHEMA), '{"title": "x", "color": 1}'))

    assert found[-1].token is None
    assert not found[-1].sure
    assert '"color' not in spelled_out(found)
