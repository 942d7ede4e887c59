import json
from typing import Any

import pytest

from schemas import SchemaSourceError, schema_from

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": DIALECT},
        {"$schema": "http://json-schema.org/draft-07/schema#", "type": "string"},
        {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
        {"type": ["object", "null"], "properties": {"a": True}},
        {"type": "object", "properties": {}},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "prefixItems": [{"type": "string"}]},
        {"type": "string", "enum": ["a", "b"]},
        {"type": "integer", "minimum": 1, "description": "How many"},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"$ref": "#/$defs/A", "$defs": {"A": {"type": "string"}}},
    ],
)
def test_a_schema_is_used_as_is(schema: dict[str, Any]) -> None:
    found = schema_from(json.dumps(schema))
    assert (found.source, found.schema, found.notes) == ("json schema", schema, ())


@pytest.mark.parametrize(
    "value",
    [
        {"type": "object"},
        {"type": "string", "title": "A shirt"},
        {"type": "integer", "name": "x"},
        {"type": "shirt", "properties": {"size": "L"}},
        {"type": "object", "properties": {"size": "L"}},
        {"type": "array", "items": ["a", "b"]},
        {"type": "array", "items": 3},
        {"$schema": "./settings.json", "name": "x"},
        {"$ref": "elsewhere"},
        {"anyOf": ["a"]},
        [{"type": "string", "minLength": 1}],
    ],
)
def test_what_only_resembles_one_is_an_example(value: Any) -> None:
    found = schema_from(json.dumps(value))
    assert found.source == "example json"
    assert found.notes == ()


def test_two_schemas_are_two_examples() -> None:
    schema = json.dumps({"type": "object", "properties": {}})
    assert schema_from(f"{schema}\n{schema}").source == "example json"


def test_a_schema_with_a_fault_is_read_as_an_example() -> None:
    found = schema_from('{"type": "array", "items": {"type": "text"}}')
    assert found.source == "example json"
    (note,) = found.notes
    assert "it looks like a JSON Schema with an error (items.type: " in note.message


def test_a_declared_schema_with_a_fault_is_refused() -> None:
    text = json.dumps({"$schema": DIALECT, "properties": {"a": {"type": "text"}}})
    with pytest.raises(SchemaSourceError, match=r"has an error\. properties\.a\.type: "):
        schema_from(text)
