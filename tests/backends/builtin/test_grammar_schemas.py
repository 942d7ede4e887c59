"""Bounds, patterns and formats for the grammar: never wider than the schema's."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import dictionaries, floats, integers, sampled_from

from backends import BuiltIn
from backends.builtin.grammar_schemas import FORMATS, grammar_schema
from backends.builtin.number_ranges import (
    BOUNDS,
    LARGEST,
    UnrepresentableBoundsError,
    narrowed_range,
)
from backends.builtin.pattern_examples import example_of
from backends.builtin.placeholders import NEUTRAL, placeholder
from schemas import check_answer
from workers_ai import APIStatusError, ChatRequest, Client, Message

NUMBERS = integers(-(2**60), 2**60) | floats(-1e6, 1e6) | floats(-2, 2)


def fits(value: float, schema: dict[str, Any]) -> bool:
    return check_answer(value, schema) == ()


@given(kind=sampled_from(["integer", "number"]), bounds=dictionaries(sampled_from(BOUNDS), NUMBERS))
def test_bounds_never_become_wider(kind: str, bounds: dict[str, float]) -> None:
    schema = {"type": kind, **bounds}
    try:
        narrow = narrowed_range(schema)
    except UnrepresentableBoundsError:
        return
    assert narrow == bounds or all(fits(bound, schema) for bound in narrow.values())


@given(
    kind=sampled_from(["integer", "number"]),
    bounds=dictionaries(sampled_from(BOUNDS), NUMBERS, min_size=1),
    temperature=sampled_from([0, 1, 5]),
)
def test_a_number_within_bounds_is_within_them(
    kind: str, bounds: dict[str, float], temperature: int
) -> None:
    schema = {"type": kind, **bounds}
    request = ChatRequest(
        messages=[Message(role="user", content="How many?")],
        guided_json=schema,
        temperature=temperature,
        seed=1,
    )
    try:
        response = Client(BuiltIn()).run(request)
    except APIStatusError:
        return
    assert response.finish == "done"
    assert fits(json.loads(response.text), schema)


@pytest.mark.parametrize(
    ("bounds", "narrow"),
    [
        ({}, {}),
        ({"minimum": 1, "maximum": 5}, {"minimum": 1, "maximum": 5}),
        ({"minimum": 1, "exclusiveMinimum": 1}, {"minimum": 1.000001}),
        ({"exclusiveMinimum": 0, "maximum": 0.5}, {"minimum": 0.000001, "maximum": 0.5}),
        ({"minimum": 0.25, "maximum": 0.25}, {"const": 0.25}),
        ({"maximum": 1e300}, {"maximum": LARGEST}),
        ({"minimum": 5, "maximum": 3}, {"minimum": 5, "maximum": 3}),
    ],
)
def test_bounds_of_numbers(bounds: dict[str, float], narrow: dict[str, float]) -> None:
    assert narrowed_range({"type": "number", **bounds}) == narrow


def test_bounds_of_integers_are_whole() -> None:
    schema = {"type": "integer", "exclusiveMinimum": 1.5, "exclusiveMaximum": 4}
    assert narrowed_range(schema) == {"minimum": 2, "maximum": 3}


def test_a_part_without_end_is_left_out_and_one_that_may_end_stays() -> None:
    endless = {"type": "object", "properties": {"a": {"$ref": "#/$defs/e"}}, "required": ["a"]}
    schema = {"$defs": {"e": endless}, "anyOf": [{"$ref": "#/$defs/e"}, {"type": "null"}]}
    assert grammar_schema(schema) == {"$defs": {"e": False}, "anyOf": [False, {"type": "null"}]}
    assert grammar_schema({**schema, "anyOf": [{"type": "null"}, {"$ref": "#"}]})["anyOf"] == [
        {"type": "null"},
        {"$ref": "#"},
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Z]{3}-[0-9]{4}$",
        "b+c",
        r"^(?:cat|dog)s?( and \d+)?$",
        r"^\w+\s\d{2}\S\D\W$",
        r'^"[^"\\]{1,5}"\\$',
        r"^(?P<year>\d{4})-(?<month>\d\d)$",
        r"[^\s\w].\.\n",
        "^([^a]*a){30}[^a]*$",
        "a{2,}b{3,4}c{0,2}d*?$",
    ],
)
def test_an_example_of_a_pattern_matches_it(pattern: str) -> None:
    assert check_answer(example_of(pattern), {"pattern": pattern}) == ()


@pytest.mark.parametrize("pattern", ["", "(", "[", "\\", "a{", ")", "|", "(?", "(" * 3000])
def test_what_is_hardly_a_pattern_has_an_example_too(pattern: str) -> None:
    assert len(example_of(pattern)) < len(pattern) + 2


def test_every_format_has_a_neutral_text() -> None:
    assert NEUTRAL.keys() == FORMATS
    for name, text in NEUTRAL.items():
        assert check_answer(text, {"type": "string", "format": name}) == ()
    assert re.fullmatch(r"P(\d+D)?(T\d+S)?", NEUTRAL["duration"])


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ({"type": "string"}, None),
        ({"type": "string", "format": "email"}, "unknown@example.com"),
        ({"format": "email", "examples": [3, "a@example.org"]}, "a@example.org"),
        ({"format": "date", "description": "The day, as 2025-12-31."}, "2025-12-31"),
        ({"pattern": "^[A-Z]{3}$", "description": "Three letters, as EUR."}, "EUR"),
        ({"pattern": "^[A-Z]{3}$", "default": "XXX"}, "XXX"),
        ({"pattern": "^[A-Z]{3}$"}, "AAA"),
        ({"pattern": "^[A-Z]{3}$", "minLength": 4}, None),
    ],
)
def test_a_text_that_follows_comes_from_the_schema_first(
    part: dict[str, Any], text: str | None
) -> None:
    assert placeholder(part) == text
