import json
from typing import Any

import pytest

from tools import import_tools

ONE = "the documented schema allows one type"


def filled(kind: str) -> str:
    return f"unit: its type was missing; {kind} was filled in"


def mended(schema: Any) -> tuple[dict[str, Any], list[str]]:
    text = json.dumps({"name": "get", "description": "d", "parameters": schema})
    imported = import_tools(text)
    return imported.tools[0].parameters, [str(fault) for fault in imported.lost]


def one(schema: Any) -> tuple[Any, list[str]]:
    described = {"description": "Said", **schema} if isinstance(schema, dict) else schema
    parameters, notes = mended({"type": "object", "properties": {"unit": described}})
    lines = [line.removeprefix("get.parameters.") for line in notes]
    return parameters["properties"]["unit"], lines


@pytest.mark.parametrize(
    ("schema", "expected", "notes"),
    [
        (
            {"type": ["string", "null"]},
            {"type": "string"},
            f"unit: null was left out of its types; {ONE}",
        ),
        ({"type": ["string"]}, {"type": "string"}, f"unit: its type was a list; {ONE}"),
        (
            {"type": ["integer", "string", "null"], "enum": [1, "a", None]},
            {"type": "integer", "enum": [1]},
            f"unit: string and null were left out of its types; {ONE}",
        ),
        (
            {"type": ["string", "null"], "default": None},
            {"type": "string"},
            f"unit: null was left out of its types; {ONE}",
        ),
        ({"type": ["null"]}, {"type": "null"}, f"unit: its type was a list; {ONE}"),
        ({"type": []}, {"type": "string"}, filled("string")),
        ({"type": 5}, {"type": "string"}, filled("string")),
        ({}, {"type": "string"}, filled("string")),
        ({"enum": [1, 2]}, {"enum": [1, 2], "type": "integer"}, filled("integer")),
        ({"const": True}, {"const": True, "type": "boolean"}, filled("boolean")),
        ({"items": {}}, {"items": {}, "type": "array"}, filled("array")),
        ({"minimum": 0}, {"minimum": 0, "type": "number"}, filled("number")),
        ({"default": 1.5}, {"default": 1.5, "type": "number"}, filled("number")),
        (
            {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}], "default": None},
            {"type": "integer", "minimum": 0},
            f"unit: null was left out of anyOf; {ONE}",
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            {"type": "string"},
            f"unit: anyOf was left out; {ONE}, so the first was used",
        ),
        (
            {"oneOf": [{"type": "object", "properties": {"a": {}}}, {"type": "array"}]},
            {"type": "object", "properties": {"a": {}}},
            f"unit: oneOf was left out; {ONE}, so the first was used",
        ),
        (
            {"allOf": [{"type": "string", "maxLength": 3}, {"maxLength": 5}]},
            {"type": "string", "maxLength": 3},
            "unit: allOf has conflicting values for maxLength; the first was kept",
        ),
        (
            {"type": "string", "x-order": 3},
            {"type": "string"},
            "unit: x-order was left out; the documented shape has no field for it",
        ),
        (
            {"type": "string", "nullable": True},
            {"type": "string"},
            f"unit: null was left out of its types; {ONE}",
        ),
    ],
)
def test_a_property_gets_one_type_and_it_is_reported(
    schema: dict[str, Any], expected: dict[str, Any], notes: str
) -> None:
    assert one(schema) == ({"description": "Said", **expected}, [notes])


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "enum": ["a"], "default": "a", "examples": ["a"], "deprecated": True},
        {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": ["integer", "null"]}]}},
        {"type": "object", "properties": {"a": {"const": 1}}, "required": ["b"]},
        {"type": "object", "additionalProperties": {"oneOf": [{"type": "string"}, True]}},
        {"type": "string", "anyOf": [{"minLength": 3}, {"enum": ["a"]}]},
        {"type": "made up", "not": {"enum": [None]}},
    ],
)
def test_whatever_the_documented_shape_allows_stays(schema: dict[str, Any]) -> None:
    assert one(schema) == ({"description": "Said", **schema}, [])


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"minimum": 5, "exclusiveMinimum": True}, {"exclusiveMinimum": 5}),
        ({"maximum": 5, "exclusiveMaximum": False}, {"maximum": 5}),
        ({"anyOf": [{"type": "integer"}, {"type": "integer"}]}, None),
        ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, None),
    ],
)
def test_openapi_3_0_bounds_are_translated_to_json_schema(
    schema: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    found, notes = one({"type": "integer", **schema})
    assert found == {"description": "Said", "type": "integer", **(expected or schema)}
    assert notes == []


@pytest.mark.parametrize(
    ("name", "description"),
    [("bookId", "The book id."), ("max_results", "The max results."), ("-", "The value.")],
)
def test_a_missing_description_is_made_from_the_name_and_reported(
    name: str, description: str
) -> None:
    for missing in ({}, {"description": " "}, {"description": 5}):
        parameters, notes = mended({"properties": {name: {"type": "string", **missing}}})
        assert parameters["properties"][name]["description"] == description
        assert notes[-1].endswith("its description was missing and was made from its name")


def test_a_title_is_a_better_description_than_the_name() -> None:
    parameters, _ = mended({"properties": {"q": {"type": "string", "title": "Words to find"}}})
    assert parameters["properties"]["q"]["description"] == "Words to find"


def test_a_tool_without_a_description_is_described_by_its_name() -> None:
    imported = import_tools('{"type": "function", "function": {"name": "getWeather"}}')
    assert imported.tools[0].description == "Get weather."
    assert [str(fault) for fault in imported.lost] == [
        "getWeather: its description was missing and was made from its name"
    ]


@pytest.mark.parametrize("schema", [True, 5, "object", []])
def test_what_is_not_a_schema_becomes_no_arguments(schema: Any) -> None:
    assert mended(schema)[0] == {"type": "object", "properties": {}}
    assert mended(schema)[1] == ["get.parameters: it was not a schema; the tool takes no arguments"]


def test_the_schema_of_the_arguments_is_made_an_object_with_properties() -> None:
    name = {"type": "string", "description": "A name"}
    part = {"type": "object", "properties": {"name": name}, "required": ["name"]}
    assert mended({"allOf": [part, {"properties": {"alias": name}}]})[0] == {
        "type": "object",
        "properties": {"name": name, "alias": name},
        "required": ["name"],
    }
    assert mended({"anyOf": [part, {"type": "null"}]})[0] == part
    assert mended({"type": ["object", "null"], "properties": {}})[0]["type"] == "object"
    assert mended({"type": "object", "properties": 5})[0]["properties"] == {}
    kept = {"type": "object", "properties": {}, "additionalProperties": False, "title": "T"}
    assert mended(kept) == (kept, [])


def test_required_names_are_those_of_properties() -> None:
    properties = {"a": {"type": "string", "description": "A"}}
    parameters, notes = mended(
        {"type": "object", "properties": properties, "required": ["a", "b", 5, "a"]}
    )
    assert parameters["required"] == ["a"]
    assert notes == ["get.parameters: `b` was required, but there is no such property"]
    assert "required" not in mended({"properties": properties, "required": "a"})[0]


def test_referenced_schemas_are_inlined() -> None:
    schema = {
        "type": "object",
        "properties": {
            "home": {"$ref": "#/$defs/Place", "description": "Where from"},
            "stops": {
                "type": "array",
                "description": "Between",
                "items": {"$ref": "#/$defs/Place"},
            },
        },
        "$defs": {"Place": {"type": "object", "properties": {"city": {"type": "string"}}}},
    }
    place = {"type": "object", "properties": {"city": {"type": "string"}}}
    parameters, notes = mended(schema)
    assert parameters["properties"]["home"] == {**place, "description": "Where from"}
    assert parameters["properties"]["stops"]["items"] == place
    assert notes == []
