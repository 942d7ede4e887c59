import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import EXPORT_FORMS, ImportToolsError, export_tools, import_tools
from workers_ai import WorkersAIError
from workers_ai.json_values import nesting
from workers_ai.validation import parse_tool

TOOL = {
    "name": "weather",
    "description": "The weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "A city"}},
        "required": ["city"],
    },
}


def refusal(text: str) -> ImportToolsError:
    with pytest.raises(ImportToolsError) as caught:
        import_tools(text)
    return caught.value


def function(schema: Any, **keys: Any) -> str:
    return json.dumps({"name": "f", "description": "d", "parameters": schema, **keys})


def test_a_flat_tool_is_imported_unchanged() -> None:
    imported = import_tools(json.dumps(TOOL))
    assert imported.source == "documented"
    assert [tool.body() for tool in imported.tools] == [TOOL]
    assert imported.lost == ()


def test_a_byte_order_mark_and_space_in_front_do_no_harm() -> None:
    assert import_tools("\ufeff\n  " + json.dumps(TOOL)).lost == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "No tool was recognized. Paste"),
        ("Please tell me the weather", "No tool was recognized. Paste"),
        ("5", "No tool was recognized."),
        ("[]", "No tool was found. Paste"),
        ("{}", "No tool was found. tools[0]: it is not a function with a schema."),
        ('{"tools": [{"type": "web_search"}, 5]}', "`web_search` is not a function"),
        ("import os", "No tool was found."),
        ("openapi: 3.0.0\npaths: {}", "YAML; convert it to JSON"),
        ('{"swagger": "2.0", "paths": {}}', "Swagger 2.0"),
        ('{"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": "no"}}', "No tool was found"),
        ("[NaN]", "NaN is not a JSON number"),
        ("[1e999]", "1e999 is not a JSON number"),
        (f"[{'9' * 5000}]", "too many digits"),
        ('{"name": "f", "description": "\\ud800"}', "lone surrogate"),
        ('{"name": "\ud800"}', "lone surrogate"),
        ("def f(): pass\0", "null bytes"),
        ("x" * 5_000_001, "larger than 5 MB"),
        ("ä" * 2_500_001, "larger than 5 MB"),
        (f"def f(): '''{'x' * 1_000_000}'''", "more than 1,000,000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, sentence: str) -> None:
    error = refusal(text)
    assert sentence in error.message
    assert isinstance(error, WorkersAIError)
    assert (error.line, error.column) == (None, None)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"tools": [\n  {"name": }\n]}', 2, 12),
        ('[{"name": "f"},]', 1, 16),
        ("def f(city: str) -> str:\n    return city +\n", 2, 18),
        ("def f(:\n    pass", 1, 7),
    ],
)
def test_a_syntax_error_has_its_position(text: str, line: int, column: int) -> None:
    error = refusal(text)
    assert (error.line, error.column) == (line, column)
    assert f"at line {line}, column {column}" in error.message


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 150 + "1" + "}" * 150,
        f"def f(x={'(' * 500}1{')' * 500}): pass",
        f"def f(x: {'|'.join(['int'] * 20_000)}): pass",
        f"def f(x={'-' * 100_000}1): pass",
        f"def f(x={'a.' * 50_000}b): pass",
    ],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    assert "nested" in refusal(text).message


@pytest.mark.parametrize(
    "text",
    [
        f"def f(x: {'list[' * 150}int{']' * 150}): pass",
        function({"properties": {"a": {"type": "array"}}}).replace(
            '"array"', '"array", "items": ' + '{"items": ' * 60 + "{}" + "}" * 60
        ),
    ],
)
def test_a_schema_is_cut_where_it_is_nested_too_deeply(text: str) -> None:
    imported = import_tools(text)
    assert any("nested too deep" in fault.message for fault in imported.lost)
    assert nesting(imported.tools[0].parameters) < 70


@pytest.mark.parametrize(
    ("definitions", "sentence"),
    [
        ({"a": {"$ref": "#"}}, "`#` refers to itself"),
        ({"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "refers to itself"),
        ({"a": {"properties": {"a": {"$ref": "#/$defs/a"}}}}, "`#/$defs/a` refers to itself"),
        ({"a": {"$ref": "#/$defs/none"}}, "is not in the document"),
        ({"a": {"$ref": "#anchor"}}, "is not in the document"),
        ({"a": {"$ref": "https://elsewhere.example/x.json"}}, "which is not fetched"),
        ({"a": {"$ref": "file:///etc/passwd"}}, "which is not fetched"),
        ({"a": {"$ref": "../x.json#/a"}}, "which is not fetched"),
    ],
)
def test_a_reference_to_nothing_is_cut_off_and_reported(
    definitions: dict[str, Any], sentence: str
) -> None:
    schema = {"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": definitions}
    imported = import_tools(function(schema))
    assert any(sentence in fault.message for fault in imported.lost)
    assert "$ref" not in json.dumps(imported.tools[0].body())
    assert "$defs" not in imported.tools[0].parameters


def test_a_property_can_be_named_like_a_keyword() -> None:
    properties = {
        name: {"type": "string", "description": "d"} for name in ("$ref", "type", "x-y", "$defs")
    }
    imported = import_tools(function({"type": "object", "properties": properties}))
    assert imported.tools[0].parameters["properties"] == properties
    assert imported.lost == ()


def bomb(prefix: str) -> dict[str, Any]:
    return {
        f"s{at}": {
            "type": "object",
            "properties": {f"p{each}": {"$ref": f"{prefix}s{at + 1}"} for each in range(10)},
        }
        for at in range(20)
    }


def test_references_that_multiply_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schemas.conversion.references.MOST_VALUES", 2000)
    schema = {"properties": {"a": {"$ref": "#/$defs/s0"}}, "$defs": bomb("#/$defs/")}
    imported = import_tools(function(schema))
    assert json.dumps(imported.tools[0].parameters).count("{") < 5000

    bodies = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/s0"}}}}
    paths = {f"/{at}": {"post": {"requestBody": bodies}} for at in range(3000)}
    schemas = {"schemas": bomb("#/components/schemas/")}
    document = {"openapi": "3.1.0", "paths": paths, "components": schemas}
    assert len(import_tools(json.dumps(document)).tools) == 1


def nested_classes() -> str:
    fields = [f"  a{each}: C{{}}\n" for each in range(10)]
    classes = (
        f"class C{at}(BaseModel):\n{''.join(fields).format(*[at + 1] * 10)}" for at in range(25)
    )
    return f"{''.join(classes)}def f(x: C0): pass"


@pytest.mark.parametrize(
    "text",
    [
        nested_classes(),
        "def f(a):\n  '''X\n\n  Args:\n    a" + " (" * 200_000 + "b: c\n  '''",
        "def f(a):\n  '''X\n\n  " + ":param " * 100_000 + "\n  '''",
        json.dumps([{"name": "f", "description": "d"}] * 20_000),
    ],
)
def test_what_would_grow_endlessly_is_bounded(text: str) -> None:
    start = time.perf_counter()
    imported = import_tools(text)
    assert time.perf_counter() - start < 20
    assert len(imported.tools) <= 2000
    assert len(imported.lost) <= 1001
    assert len(json.dumps([tool.body() for tool in imported.tools])) < 20_000_000


def test_only_the_first_thousand_are_listed_individually() -> None:
    imported = import_tools(function({"properties": {f"p{each}": {} for each in range(2000)}}))
    assert len(imported.lost) == 1001
    assert imported.lost[-1].message.startswith("and 3,0")


def test_tools_that_are_too_large_in_total_are_left_out() -> None:
    tools = [{"name": "f", "description": "x" * 30_000}] * 120
    shared = {"get": {"description": "x" * 3_000_000}}
    assert len(import_tools(json.dumps(tools)).tools) == 120
    document = {"openapi": "3.1.0", "paths": {"/a": shared, "/b": {"$ref": "#/paths/~1a"}}}
    imported = import_tools(json.dumps(document))
    assert [tool.name for tool in imported.tools] == ["get_a"]
    assert "too large in total" in imported.lost[-1].message


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("get weather!", "get_weather"),
        ("Café", "Cafe"),
        ("a.b/c", "a_b_c"),
        ("天気", "tool"),
        ("x" * 100, "x" * 64),
        (5, "tool"),
    ],
)
def test_a_name_is_made_legal_and_reported(given_name: Any, name: str) -> None:
    imported = import_tools(
        json.dumps({"name": given_name, "description": "d", "input_schema": {"type": "object"}})
    )
    assert imported.tools[0].name == name
    assert "not a legal name" in imported.lost[0].message


def test_duplicate_names_are_numbered() -> None:
    long = "x" * 64
    names = ["f", "f", "f_2", "f", long, long]
    imported = import_tools(json.dumps([{**TOOL, "name": name} for name in names]))
    found = [tool.name for tool in imported.tools]
    assert found == ["f", "f_2", "f_2_2", "f_3", long, f"{long[:62]}_2"]
    assert [fault.path for fault in imported.lost] == [found[at] for at in (1, 2, 3, 5)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["string", "null", "", "x"]),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("type", "properties", "description", "required", "anyOf", "allOf", "enum"),
                    *("items", "$ref", "nullable", "default", "name", "x", "$defs", "minItems"),
                ]
            ),
            parts,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(json_values)
def test_whatever_the_schema_the_tool_passes_and_is_imported_again_unchanged(schema: Any) -> None:
    imported = import_tools(function(schema))
    for tool in imported.tools:
        assert parse_tool(tool.body()) == tool
        for form in EXPORT_FORMS:
            again = import_tools(export_tools([tool], form))
            assert again.tools == (tool,), form
            assert again.lost == (), form


@given(json_values)
def test_whatever_the_json_it_is_read_or_refused(value: Any) -> None:
    for document in (value, {"openapi": "3.1.0", "paths": value}, {"tools": value}):
        with suppress(ImportToolsError):
            assert import_tools(json.dumps(document)).tools
