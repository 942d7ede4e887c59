"""The built-in model shows what each lesson describes."""

import re
from collections.abc import Mapping
from functools import cache

import pytest

from backends import BuiltIn
from experiments import LESSONS, Lesson, forecast
from experiments.answer_figures.figures import Figures
from experiments.answer_figures.words import words
from experiments.sweeps.results import results
from workers_ai import Client, Response, Snapshot


@cache
def answers(name: str) -> Mapping[str, Response]:
    lesson = LESSONS[name]
    with Client(BuiltIn()) as client:
        return {key: client.run(make()) for key, make in lesson.sweep.requests(lesson.request)}


def texts(name: str, value: float) -> list[str]:
    keys = [cell.key for cell in LESSONS[name].sweep.cells() if cell.values == (value,)]
    return [answers(name)[key].text for key in keys]


def figures(name: str) -> dict[float, Figures]:
    ended = {
        key: Snapshot(each.text, each.finish, 1, 1.0, usage=each.usage)
        for key, each in answers(name).items()
    }
    return {each.settings[name]: each.figures for each in results(LESSONS[name].sweep, ended)}


def falls(numbers: list[float | None]) -> bool:
    known = [number for number in numbers if number is not None]
    return known == sorted(set(numbers), key=lambda number: -(number or 0))


def rises(numbers: list[float | None]) -> bool:
    return falls(numbers[::-1])


def count(word: str, found: list[str]) -> float:
    return sum(words(text).count(word) for text in found) / len(found)


def strayed(name: str, value: float) -> int:
    """Count the answers with words that the full answer about pizza does not contain."""
    subject = set(words(texts("max_tokens", 256)[0]))
    # A text that was cut can end in mid-word.
    return sum(bool(set(words(text)[:-1]) - subject) for text in texts(name, value))


def test_there_is_one_for_every_parameter() -> None:
    assert list(LESSONS) == [
        "temperature",
        "top_k",
        "top_p",
        "repetition_penalty",
        "frequency_penalty",
        "presence_penalty",
        "seed",
        "max_tokens",
    ]
    for name, lesson in LESSONS.items():
        assert [axis.parameter for axis in lesson.sweep.axes] == [name]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_is_small_and_says_what_to_observe(lesson: Lesson) -> None:
    assert forecast(lesson.sweep, lesson.request).calls <= 30
    assert len(re.findall(r"\.( |$)", lesson.look)) == 2
    assert lesson.title


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("temperature", 0.6, "umami"),
        ("top_k", 1, "umami"),
        ("top_p", 0, "umami"),
        ("repetition_penalty", 1, "style guide for Python"),
        ("frequency_penalty", 0, "row, row, row your boat"),
        ("max_tokens", 256, "umami"),
    ],
)
def test_the_question_gets_a_useful_answer(name: str, value: float, words: str) -> None:
    assert all(words in text for text in texts(name, value))


def test_temperature() -> None:
    found = figures("temperature")

    assert found[0].equal == 1
    assert falls([each.similarity for each in found.values()])
    assert rises([each.distinct_1 for each in found.values()])
    assert [strayed("temperature", value) for value in (0, 0.6)] == [0, 0]
    assert strayed("temperature", 1) <= 2
    assert strayed("temperature", 5) == 5
    assert (found[5].distinct_1 or 0) > 0.9


def test_top_k() -> None:
    found = figures("top_k")

    assert found[1].equal == 1
    assert (found[10].equal or 0) < 1
    assert falls([each.similarity for each in found.values()])


def test_top_p() -> None:
    found = figures("top_p")

    assert found[0].equal == 1
    assert falls([found[value].similarity for value in (0, 0.5, 1)])
    assert texts("top_p", 1) == texts("top_p", 2)


def test_repetition_penalty() -> None:
    found = figures("repetition_penalty")

    assert (found[0.5].repetition or 0) > 0.5
    assert found[1].repetition == 0
    assert rises([each.distinct_1 for each in found.values()])


def test_frequency_penalty() -> None:
    rows = [count("row", texts("frequency_penalty", value)) for value in (0, 1, 2)]

    assert rows[0] == 9
    assert falls([*rows])
    assert all(text.endswith("and sing") for text in texts("frequency_penalty", 0))
    for value in (1, 2):
        song = set(words(LESSONS["frequency_penalty"].prompt))
        strayed = [text for text in texts("frequency_penalty", value) if set(words(text)) - song]
        assert len(strayed) >= 3


def test_presence_penalty() -> None:
    found = figures("presence_penalty")

    assert falls([each.repetition for each in found.values()])
    assert count("the", texts("presence_penalty", 2)) > 1


def test_seed() -> None:
    found = figures("seed")
    different = {text for value in found for text in texts("seed", value)}

    assert [each.equal for each in found.values()] == [1] * 4
    assert len(different) == 4


def test_max_tokens() -> None:
    short, middle, long = (texts("max_tokens", value)[0] for value in (8, 32, 256))

    assert middle.startswith(short)
    assert long.startswith(middle)
    assert [each.finish for each in answers("max_tokens").values()] == ["length", "length", "done"]
    assert not short.endswith(".")
    assert not middle.endswith(".")
