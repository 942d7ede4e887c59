from collections.abc import Callable
from typing import Any

import pytest

CALL = {"role": "assistant", "content": '{"name": "getWeather", "arguments": {"city": "Paris"}}'}
ASKED = {"role": "user", "content": "How is the weather in Paris?"}


@pytest.mark.parametrize(
    "turn",
    [
        {"role": "tool", "name": "getWeather", "content": '{"temperature": 21, "sky": "clear"}'},
        {"role": "tool", "content": '{"temperature": 21, "sky": "clear"}'},
        {
            "role": "user",
            "content": 'Tool result for getWeather: {"temperature": 21, "sky": "clear"}',
        },
    ],
    ids=["tool", "nameless", "user turn"],
)
def test_the_answer_uses_the_result(ask: Callable[..., str], turn: dict[str, str]) -> None:
    expected = "According to getWeather, the temperature is 21 and the sky is clear."
    for seed in (1, 2, 3):
        assert ask(messages=[ASKED, CALL, turn], seed=seed) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("21 degrees", "According to getWeather: 21 degrees."),
        ("42", "According to getWeather, the answer is 42."),
        ('["a", "b"]', "According to getWeather, the results are a and b."),
        ("{}", "getWeather returned nothing."),
        ('{"wind": {"speed": 12}}', "According to getWeather, the wind speed is 12."),
        ('{"error": "no such city"}', "According to getWeather, error is no such city."),
    ],
)
def test_any_result_becomes_a_sentence(ask: Callable[..., str], content: str, words: str) -> None:
    turn = {"role": "tool", "name": "getWeather", "content": content}
    assert ask(messages=[ASKED, CALL, turn], temperature=0) == words


def test_results_of_parallel_calls_come_in_their_order(ask: Callable[..., str]) -> None:
    turns = [{"role": "tool", "name": name, "content": f'{{"x": "{name}"}}'} for name in ("a", "b")]
    answer = ask(messages=[ASKED, CALL, *turns], temperature=0)
    assert answer == "According to a, the x is a. According to b, the x is b."


def test_a_tool_is_not_called_again_for_its_own_result(
    result: Callable[..., dict[str, Any]],
) -> None:
    tool = {
        "name": "getWeather",
        "description": "weather of a city",
        "parameters": {"type": "object", "properties": {}},
    }
    turn = {"role": "tool", "name": "getWeather", "content": "{}"}
    assert "tool_calls" not in result(messages=[ASKED, CALL, turn], tools=[tool])


def test_a_question_after_the_result_is_a_new_question(ask: Callable[..., str]) -> None:
    turn = {"role": "tool", "name": "getWeather", "content": "{}"}
    spoken = {"role": "assistant", "content": "Fine."}
    asked = {"role": "user", "content": "What is a neuron?"}
    answer = ask(messages=[ASKED, CALL, turn, spoken, asked], temperature=0)
    assert answer.startswith("A neuron is")


def test_two_results_of_one_tool_are_told_apart(ask: Callable[..., str]) -> None:
    contents = ['{"temperature": 18, "sky": "clear"}', '{"temperature": 7, "sky": "snow"}']
    turns = [{"role": "tool", "name": "getWeather", "content": content} for content in contents]
    for seed in range(1, 9):
        assert ask(messages=[ASKED, CALL, *turns], seed=seed) == (
            "According to getWeather, the first temperature is 18, the first sky is clear, "
            "the second temperature is 7 and the second sky is snow."
        )


def test_results_of_one_tool_that_are_not_objects_are_told_apart(ask: Callable[..., str]) -> None:
    turns = [
        {"role": "tool", "name": "f", "content": content}
        for content in ("21 degrees", "42", '["a", "b"]', "{}")
    ]
    answer = ask(messages=[ASKED, CALL, *turns], temperature=0)
    assert answer == (
        "According to f, the first answer is 21 degrees, the second answer is 42, "
        "the third results are a and b and the fourth answer is {}."
    )
