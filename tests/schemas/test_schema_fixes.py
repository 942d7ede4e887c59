"""What people write that JSON Schema ignores or refuses: found, said, and changed at once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import (
    check_answer,
    check_schema,
    constrains_nothing,
    fixed_schema,
    schema_fixes,
    schema_flags,
    schema_from,
)
from schemas.schema_fixes import MOST_FIXES

TEXT = {"type": "string"}
PERSON = {"type": "object", "properties": {"name": TEXT}, "required": ["name"]}


def found(schema: Any) -> list[tuple[str, str]]:
    return [(fix.path, fix.label) for fix in schema_fixes(schema)]


# Wrappers

WRAPPERS = [
    {"name": "person", "schema": PERSON, "strict": True},
    {"type": "json_schema", "json_schema": {"name": "person", "schema": PERSON}},
    {"type": "json_schema", "name": "person", "schema": PERSON, "strict": True},
    {"type": "json_schema", "json_schema": PERSON},
    {"response_format": {"type": "json_schema", "json_schema": {"name": "p", "schema": PERSON}}},
    {"text": {"format": {"type": "json_schema", "name": "person", "schema": PERSON}}},
    {"name": "person", "description": "A person.", "input_schema": PERSON},
    {"name": "person", "inputSchema": PERSON, "annotations": {"title": "Person"}},
    {"type": "function", "function": {"name": "person", "parameters": PERSON}},
    {"type": "function", "name": "person", "parameters": PERSON, "strict": True},
    {"name": "person", "parameters": PERSON},
    {"guided_json": PERSON},
    {"responseMimeType": "application/json", "responseSchema": PERSON},
    {"generationConfig": {"responseSchema": PERSON}},
]


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_wrapper_is_recognized_and_its_inside_offered(wrapper: dict[str, Any]) -> None:
    (fault,) = check_schema(wrapper)
    assert "wrapper around a schema" in fault.message
    assert check_answer({}, wrapper) != ()
    (fix,) = schema_fixes(wrapper)
    assert fix.schema == PERSON
    made = schema_from(json.dumps(wrapper))
    assert (made.source, made.schema) == ("json schema", PERSON)
    assert "the schema was taken from" in made.notes[0].message


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"schema": PERSON}},
        {"properties": {"parameters": PERSON}},
        {"schema": "https://example.com/schema.json"},
        {"schema": {"name": "public"}},
        {"anyOf": [PERSON], "schema": PERSON},
    ],
)
def test_what_only_has_such_a_name_is_not_a_wrapper(schema: dict[str, Any]) -> None:
    assert check_schema(schema) == ()
    assert found(schema) == []


# Schemas that constrain nothing


@pytest.mark.parametrize(
    "schema",
    [{}, {"title": "A"}, {"name": "Ada", "age": 36}, {"$defs": {"A": TEXT}}, {"x-type": "string"}],
)
def test_a_schema_that_constrains_nothing_is_flagged(schema: dict[str, Any]) -> None:
    assert constrains_nothing(schema)
    assert "anything is valid" in schema_flags(schema)[0].message


@pytest.mark.parametrize("schema", [PERSON, {"enum": [1]}, {"$ref": "#/$defs/A"}, {"not": {}}])
def test_one_keyword_is_enough(schema: dict[str, Any]) -> None:
    assert not constrains_nothing(schema)


# Misspelled keywords


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("propertys", "properties"),
        ("Properties", "properties"),
        ("requried", "required"),
        ("require", "required"),
        ("additionalproperties", "additionalProperties"),
        ("additional_properties", "additionalProperties"),
        ("additionalProperty", "additionalProperties"),
        ("minlength", "minLength"),
        ("max_length", "maxLength"),
        ("maxItem", "maxItems"),
        ("enums", "enum"),
        ("descripton", "description"),
        ("patern", "pattern"),
        ("ref", "$ref"),
        ("anyof", "anyOf"),
        ("one_of", "oneOf"),
        ("exclusive_minimum", "exclusiveMinimum"),
        ("uniqueitems", "uniqueItems"),
        ("defs", "$defs"),
        ("formatt", "format"),
    ],
)
def test_a_misspelled_keyword_is_renamed_in_its_position(written: str, meant: str) -> None:
    schema = {"type": "object", written: [1], "title": "A"}
    (fix,) = schema_fixes(schema)
    assert f"did you mean {meant}?" in fix.message
    assert list(fix.schema) == ["type", meant, "title"]
    assert fix.path == written


@pytest.mark.parametrize(
    "name", ["x-order", "x-requried", "name", "strict", "optional", "id", "ui"]
)
def test_other_words_are_not_corrected(name: str) -> None:
    assert found({"type": "object", name: 1}) == []


def test_a_property_may_be_called_anything() -> None:
    assert found({"properties": {"requried": TEXT, "nullable": TEXT, "example": TEXT}}) == []


def test_a_keyword_that_is_there_is_not_overwritten() -> None:
    assert found({"required": ["a"], "requried": ["b"]}) == []
    assert "requried" in [flag.path for flag in schema_flags({"required": [], "requried": []})]


# Words of other dialects


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"type": ["string", "null"], "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ({"enum": ["a"], "nullable": True}, {"enum": ["a", None]}),
        (
            {"type": "string", "const": "a", "nullable": True, "title": "A"},
            {"title": "A", "anyOf": [{"type": "string", "const": "a"}, {"type": "null"}]},
        ),
        ({"anyOf": [TEXT], "nullable": True}, {"anyOf": [TEXT, {"type": "null"}]}),
        (
            {"$ref": "#/$defs/A", "nullable": True, "title": "A", "$defs": {"A": TEXT}},
            {
                "title": "A",
                "$defs": {"A": TEXT},
                "anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}],
            },
        ),
        (
            {"type": "number", "minimum": 0, "exclusiveMinimum": True},
            {"type": "number", "exclusiveMinimum": 0},
        ),
        (
            {"type": "number", "maximum": 5, "exclusiveMaximum": False},
            {"type": "number", "maximum": 5},
        ),
        ({"type": "number", "exclusiveMaximum": True}, {"type": "number"}),
        ({"items": [TEXT, TEXT]}, {"prefixItems": [TEXT, TEXT]}),
        (
            {"items": [TEXT], "additionalItems": False},
            {"prefixItems": [TEXT], "items": False},
        ),
        ({"prefixItems": [TEXT], "additionalItems": TEXT}, {"prefixItems": [TEXT], "items": TEXT}),
        ({"items": TEXT, "additionalItems": False}, {"items": TEXT}),
        (
            {"dependencies": {"a": ["b"], "c": {"required": ["d"]}}},
            {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}},
        ),
        (
            {"dependencies": {"a": ["b"]}, "dependentRequired": {"x": ["y"]}},
            {"dependentRequired": {"a": ["b"], "x": ["y"]}},
        ),
        ({"type": "integer", "example": 3}, {"type": "integer", "examples": [3]}),
        (
            {"properties": {"a": {"type": "string", "required": True}, "b": {"required": False}}},
            {"properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]},
        ),
    ],
)
def test_words_of_older_drafts_and_of_openapi_are_translated(written: Any, fixed: Any) -> None:
    assert fixed_schema(written) == fixed
    assert check_schema(fixed) == ()
    assert schema_fixes(fixed) == ()
    nested = {"type": "object", "properties": {"p": {"type": "array", "items": written}}}
    assert all(fix.path.startswith("properties.p.items.") for fix in schema_fixes(nested))
    assert fixed_schema(nested)["properties"]["p"]["items"] == fixed


def test_a_nullable_field_accepts_null_after_the_fix() -> None:
    schema = {
        "type": "object",
        "properties": {"name": TEXT, "nickname": {"type": "string", "nullable": True}},
        "required": ["name", "nickname"],
    }
    answer = {"name": "Ada", "nickname": None}
    assert check_answer(answer, schema) != ()
    assert check_answer(answer, fixed_schema(schema)) == ()


def test_a_schema_with_repairable_faults_is_a_schema_when_it_is_a_source() -> None:
    made = schema_from(
        '{"type": "object", "properties": {"n": {"minimum": 0, "exclusiveMinimum": true}}}'
    )
    assert made.source == "json schema"
    assert made.schema["properties"]["n"] == {"exclusiveMinimum": 0}
    assert "Use minimum as the bound" in made.notes[0].message


def test_there_is_an_end_to_them() -> None:
    many = {str(at): {"type": "string", "nullable": True} for at in range(150)}
    assert len(schema_fixes({"properties": many})) == MOST_FIXES
    assert schema_fixes(fixed_schema({"properties": many})) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("type", "items", "nullable", "required", "properties", "enum", "a"),
                    *("dependencies", "additionalItems", "prefixItems", "exclusiveMinimum"),
                    *("example", "anyof"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_value_raises_an_error_and_fixing_ends(value: Any) -> None:
    fixed = fixed_schema(value)
    assert schema_fixes(fixed) == ()
