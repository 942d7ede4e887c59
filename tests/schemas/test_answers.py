"""Answers that should follow a schema: what counts as JSON, faults, and truncation."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import read_guided_answer, repair_request, tables, to_csv
from schemas.answers.partial_json import partial_json
from workers_ai import Fault

SCHEMA = {
    "type": "object",
    "properties": {
        "shop": {"type": "string"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
                "required": ["name", "price"],
            },
        },
    },
    "required": ["shop", "items"],
}
GOOD = {"shop": "Corner", "items": [{"name": "Tea", "price": 2.5}]}
WRITTEN = json.dumps(GOOD)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3)
    ),
    max_leaves=8,
)
CONTAINERS = VALUES.filter(lambda value: isinstance(value, dict | list))


def test_an_answer_that_follows_is_valid() -> None:
    found = read_guided_answer(WRITTEN, SCHEMA)

    assert (found.verdict, found.value, found.faults, found.notices) == ("valid", GOOD, (), ())


@pytest.mark.parametrize("value", [3, "x", None, True, [1]])
def test_any_json_is_accepted(value: Any) -> None:
    found = read_guided_answer(json.dumps(value), {})

    assert (found.verdict, found.has_value, found.value) == ("valid", True, value)


def test_each_fault_has_its_path() -> None:
    found = read_guided_answer('{"shop": 5, "items": [{"name": "Tea"}]}', SCHEMA)

    assert found.verdict == "faulty"
    assert [fault.path for fault in found.faults] == ["shop", "items[0].price"]


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        (f"```json\n{WRITTEN}\n```", "The code fence around the JSON was removed."),
        (f"```\n{WRITTEN}\n```\n", "The code fence around the JSON was removed."),
        (f"Here you are:\n```json\n{WRITTEN}\n```\nEnjoy!", "Text around the JSON was removed."),
        (f"Here you are: {WRITTEN}", "Text before the JSON was removed."),
        (json.dumps(WRITTEN), "The JSON was inside a string and was unwrapped."),
    ],
)
def test_what_surrounds_the_json_is_removed_with_a_notice(text: str, notice: str) -> None:
    found = read_guided_answer(text, SCHEMA)

    assert (found.verdict, found.value) == ("valid", GOOD)
    assert notice in found.notices


def test_a_string_that_the_schema_accepts_stays_one() -> None:
    assert read_guided_answer('"[1]"', {"type": "string"}).value == "[1]"


@pytest.mark.parametrize("text", ["", "Sorry, no.", "{'a': 1}", '{"a": NaN}', "{]", "```\nno\n```"])
def test_what_is_not_json_has_a_reason(text: str) -> None:
    found = read_guided_answer(text, SCHEMA)

    assert (found.verdict, found.has_value) == ("no json", False)
    assert found.faults[0].message


@pytest.mark.parametrize("finish", ["length", "ended_early", "stopped", "done"])
def test_a_truncated_answer_is_cut_off_with_its_path(finish: str) -> None:
    text = '{"shop": "Corner", "items": [{"name": "Tea", "price": 2.5}, {"name": "Cof'
    found = read_guided_answer(text, SCHEMA, finish)

    assert found.verdict == "cut off"
    assert found.faults == (Fault("items[1].name", "the answer is cut off here"),)
    assert found.partial == {**GOOD, "items": [*GOOD["items"], {"name": "Cof"}]}
    assert not found.has_value


def test_a_fence_that_was_cut_is_cut_off() -> None:
    assert read_guided_answer('```json\n{"shop": "Cor', SCHEMA, "length").verdict == "cut off"


@given(CONTAINERS)
def test_every_truncation_of_a_value_is_cut_off(value: Any) -> None:
    text = json.dumps(value)
    for end in range(1, len(text)):
        found = read_guided_answer(text[:end], {}, "length")
        assert found.verdict == "cut off", text[:end]


@given(st.text(max_size=60) | st.text('{}[]",:0 tn\\u', max_size=30))
def test_no_text_raises_an_error(text: str) -> None:
    assert read_guided_answer(text, SCHEMA).verdict
    assert read_guided_answer(text, SCHEMA, "length").verdict


@given(CONTAINERS)
def test_a_whole_value_is_not_partial(value: Any) -> None:
    assert partial_json(json.dumps(value)) is None


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[1," * 300_000, '"' * 99_999])
def test_hostile_text_is_read_in_time(text: str) -> None:
    assert read_guided_answer(text, SCHEMA, "length").verdict != "valid"


def test_a_repeated_key_is_a_fault() -> None:
    found = read_guided_answer('{"a": 1, "a": 2}', {})

    assert found.faults == (Fault("", 'the key "a" appears twice'),)


def test_the_request_for_a_repair_lists_every_fault_and_asks_for_the_whole() -> None:
    found = read_guided_answer('{"shop": 5, "items": []}', SCHEMA)
    text = repair_request(found)

    assert "- shop: " in text
    assert "whole answer again as JSON" in text


# Tables


def test_lists_of_objects_are_tables_the_outer_ones_first() -> None:
    value = {"a": [{"x": 1, "y": {"z": [2]}}, {"w": None}], "b": [1], "c": {"d": [{"e": True}]}}
    found = tables(value)

    assert list(found) == ["a", "c.d"]
    assert found["a"].columns == ("x", "y", "w")
    assert found["a"].rows == ((1, '{"z":[2]}', None), (None, None, None))


def test_the_answer_itself_can_be_the_table() -> None:
    assert list(tables([{"a": 1}])) == [""]


def test_what_is_not_a_list_of_objects_is_one_row() -> None:
    assert to_csv({"a": 1, "b": [1, 2]}) == 'a,b\r\n1,"[1,2]"\r\n'
    assert to_csv(5) == "value\r\n5\r\n"


def test_a_cell_is_never_a_formula_and_a_number_stays_one() -> None:
    rows = [{"=a": "=1+1", "b": -5, "c": "-5", "d": True, "e": None, "f": 'say "hi", now'}]
    read = list(csv.reader(io.StringIO(to_csv(rows), newline="")))

    assert read == [
        ["'=a", "b", "c", "d", "e", "f"],
        ["'=1+1", "-5", "'-5", "true", "", 'say "hi", now'],
    ]
