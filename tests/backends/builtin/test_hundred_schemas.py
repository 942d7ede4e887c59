"""The built-in model's results for schemas: a valid answer, one that is cut off, or an error.

For thousands of other draws: python3 start.py test --hypothesis-profile explore
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import floats, integers, sampled_from

from backends import BuiltIn
from schemas import check_answer, check_schema
from tests.backends.builtin.hundred_schemas import REFUSED, TOO_LONG, VALID, Schema
from workers_ai import APIStatusError, ChatRequest, Client, Message, Response

DEFAULT = 256
"""The documented `max_tokens`."""

BROKEN_OFF = {"type": "string", "pattern": "^(\\w+\\s?){1,300}\\d{5}$"}
"""A pattern that exceeds the grammar's states, but only after a while."""


def ask(prompt: str, schema: Schema, **parameters: Any) -> Response:
    messages = [Message(role="user", content=prompt)]
    request = ChatRequest(messages=messages, guided_json=schema, **parameters)
    return Client(BuiltIn()).run(request)


def follows(response: Response, schema: Schema) -> bool:
    return check_answer(json.loads(response.text), schema) == ()


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("name", VALID)
def test_an_answer_follows_its_schema(name: str) -> None:
    prompt, schema = VALID[name]
    assert check_schema(schema) == ()
    for seed, temperature, said in ((1, 0, prompt), (2, 5, prompt), (3, 0.6, "What is top_p?")):
        response = ask(said, schema, seed=seed, temperature=temperature)
        assert response.finish == "done"
        assert follows(response, schema), response.text


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize("max_tokens", [3, 25])
def test_with_few_tokens_an_answer_is_valid_or_called_cut_off(name: str, max_tokens: int) -> None:
    prompt, schema = VALID[name]
    response = ask(prompt, schema, seed=4, temperature=1, max_tokens=max_tokens)
    assert response.finish == "length" or follows(response, schema), response.text


@given(
    name=sampled_from(sorted(VALID)),
    seed=integers(1, 9_999_999_999),
    temperature=floats(0, 5),
    max_tokens=integers(1, DEFAULT),
)
def test_whatever_is_drawn_an_answer_is_valid_or_called_cut_off(
    name: str, seed: int, temperature: float, max_tokens: int
) -> None:
    prompt, schema = VALID[name]
    response = ask(prompt, schema, seed=seed, temperature=temperature, max_tokens=max_tokens)
    assert response.finish == "length" or follows(response, schema), response.text


@pytest.mark.parametrize("name", TOO_LONG)
def test_what_is_too_long_is_called_cut_off_and_valid_with_more_tokens(name: str) -> None:
    schema = TOO_LONG[name]
    short = ask("Go.", schema, seed=1)
    assert (short.finish, is_json(short.text)) == ("length", False)
    whole = ask("Go.", schema, seed=1, max_tokens=3000)
    assert whole.finish == "done"
    assert follows(whole, schema)


def test_where_the_grammar_gives_up_the_answer_is_called_cut_off() -> None:
    for seed in range(1, 5):
        response = ask("Go.", BROKEN_OFF, seed=seed, temperature=5, max_tokens=2000)
        assert response.finish == ("done" if is_json(response.text) else "length")


def test_a_stream_says_too_that_the_grammar_gave_up() -> None:
    messages = [Message(role="user", content="Go.")]
    request = ChatRequest(messages=messages, guided_json=BROKEN_OFF, seed=2, temperature=5)
    *_, last = chunks = list(Client(BuiltIn()).stream(request))
    text = "".join(chunk.text for chunk in chunks)
    assert last.finish == ("done" if is_json(text) else "length")


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_what_where_and_what_to_do(name: str) -> None:
    schema, where, advice = REFUSED[name]
    with pytest.raises(APIStatusError) as caught:
        ask("Go.", schema)
    assert caught.value.status_code == 400
    assert where in caught.value.message
    assert advice in caught.value.message
