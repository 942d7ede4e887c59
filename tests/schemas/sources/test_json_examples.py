import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import InferredSchema, check_answer, check_schema, schema_from

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
TEXTS = st.text(max_size=8) | st.sampled_from(
    ["2025-12-31", "a@b.example", "https://a.example/", "2025-12-31T10:00:00Z", "1815-02-30"]
)
VALUES = st.recursive(
    SCALARS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("abcd") | TEXTS, inner, max_size=4)
    ),
    max_leaves=20,
)


def sourced(*values: Any, guess_enums: bool = False) -> InferredSchema:
    found = schema_from("\n".join(map(json.dumps, values)), guess_enums=guess_enums)
    assert found.source == "example json"
    return found


def schema(*values: Any, guess_enums: bool = False) -> dict[str, Any]:
    return sourced(*values, guess_enums=guess_enums).schema


def notes(*values: Any) -> list[str]:
    return list(map(str, sourced(*values).notes))


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    names = {"required": list(required)} if required else {}
    return {
        "type": "object",
        "properties": properties,
        **names,
        "additionalProperties": False,
    }


@given(VALUES)
def test_an_example_follows_its_schema(value: Any) -> None:
    made = schema_from(json.dumps(value)).schema
    assert check_schema(made) == ()
    assert check_answer(value, made) == ()


@given(st.lists(VALUES, min_size=2, max_size=8), st.booleans())
def test_each_of_several_examples_follows_the_schema_of_all(values: Any, guess: Any) -> None:
    made = schema_from("\n\n".join(map(json.dumps, values)), guess_enums=guess).schema
    assert check_schema(made) == ()
    assert [check_answer(value, made) for value in values] == [()] * len(values)


@given(VALUES)
def test_the_order_of_properties_is_that_of_the_example(value: Any) -> None:
    made = schema_from(json.dumps({"first": 1, "then": value, "last": 2})).schema
    assert list(made["properties"]) == ["first", "then", "last"]


def test_an_example_becomes_a_closed_object() -> None:
    value = {"name": "Ada", "age": 36, "height": 1.65, "is_alive": False, "tags": ["a", "b"]}
    assert schema(value) == closed(
        {
            "name": {"type": "string"},
            "age": {"type": "integer"},
            "height": {"type": "number"},
            "is_alive": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        *("name", "age", "height", "is_alive", "tags"),
    )
    assert notes(value) == []


def test_a_list_is_one_example_whose_items_are_merged() -> None:
    assert schema([{"a": 1}, {"a": 2, "b": "x"}]) == {
        "type": "array",
        "items": closed({"a": {"type": "integer"}, "b": {"type": "string"}}, "a"),
    }


def test_what_all_examples_have_is_required_and_the_first_to_name_a_property_places_it() -> None:
    merged = schema({"b": 1, "a": 1}, {"c": 1, "b": 1}, {"d": 1, "b": 1})
    assert list(merged["properties"]) == ["b", "a", "c", "d"]
    assert merged["required"] == ["b"]
    assert "required" not in schema({"a": 1}, {"b": 1})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2.5], {"type": "number"}),
        ([2.5, 1], {"type": "number"}),
        ([1.0, 2], {"type": "number"}),
        (["x", None], {"type": ["string", "null"]}),
        ([None, 1, 1.5], {"type": ["number", "null"]}),
        ([None, None], {"type": "null"}),
        ([True, 1], {"anyOf": [{"type": "boolean"}, {"type": "integer"}]}),
        (
            ["x", None, 1, 1.5],
            {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]},
        ),
        ([[1], ["x"], None], {"type": ["array", "null"], "items": {"anyOf": [
            {"type": "integer"}, {"type": "string"}]}}),
        ([[], []], {"type": "array"}),
        ([[], [1]], {"type": "array", "items": {"type": "integer"}}),
        ([{"a": 1}, "x"], {"anyOf": [closed({"a": {"type": "integer"}}, "a"), {"type": "string"}]}),
        ([{}, {}], closed({})),
    ],
)  # fmt: skip
def test_types_are_merged(values: list[Any], expected: dict[str, Any]) -> None:
    assert schema(*values) == expected


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["2025-12-31", "2024-02-29"], "date"),
        (["2025-12-31T23:59:00Z"], "date-time"),
        (["ada@example.org"], "email"),
        (["https://example.org/a?b=c"], "uri"),
        (["123e4567-e89b-12d3-a456-426614174000"], "uuid"),
        (["2025-12-31", "soon"], ""),
        (["2025-12-31", "2025-12-31T23:59:00Z"], ""),
        (["2025-02-30"], ""),
        (["note:this"], ""),
        (["ada@home"], ""),
        (["10:30"], ""),
        ([""], ""),
    ],
)
def test_a_format_is_recognized_where_all_agree(texts: list[str], name: str) -> None:
    found = sourced(*({"x": text} for text in texts))
    assert found.schema["properties"]["x"].get("format", "") == name
    expected = [f"x: the format {name} was guessed from the values"] if name else []
    assert list(map(str, found.notes)) == expected


def test_what_the_examples_leave_open_is_reported_with_its_path() -> None:
    value: dict[str, Any] = {"a": [], "b": None, "c": {}, "d": [{"e": 1}, {"e": "x"}]}
    assert notes(value) == [
        "a: the list was empty; any items are accepted here",
        "b: it was null in every example; only null is accepted here",
        "c: the object was empty; no property is accepted here",
        "d.items.e: it had several types: integer, string",
    ]


def test_an_enum_is_guessed_only_when_asked() -> None:
    values = [{"kind": kind} for kind in ("b", "a", "b", "a", "b")]
    assert schema(*values)["properties"]["kind"] == {"type": "string"}
    guessed = sourced(*values, guess_enums=True)
    assert guessed.schema["properties"]["kind"] == {"type": "string", "enum": ["b", "a"]}
    assert list(map(str, guessed.notes)) == ["kind: an enum of 2 was guessed from the values"]
    with_null = schema(*values, {"kind": None}, guess_enums=True)["properties"]["kind"]
    assert with_null == {"type": ["string", "null"], "enum": ["b", "a", None]}


@pytest.mark.parametrize(
    "texts", [list("abab"), list("abcdea"), ["a" * 41] * 5, ["", "a", "a", "a", "a"]]
)
def test_few_many_long_or_empty_texts_are_not_an_enum(texts: list[str]) -> None:
    assert schema(*texts, guess_enums=True) == {"type": "string"}


def test_what_is_nested_very_deep_may_be_anything() -> None:
    value: Any = 1
    for _ in range(45):
        value = {"a": [value, "x"]}
    found = sourced(value)
    assert check_answer(value, found.schema) == ()
    assert any("nested too deeply; anything is accepted here" in str(note) for note in found.notes)


def test_documents_can_span_several_lines() -> None:
    text = '{\n  "a": 1\n}\n\n{\n  "a": null\n}\n'
    assert schema_from(text).schema == closed({"a": {"type": ["integer", "null"]}}, "a")
