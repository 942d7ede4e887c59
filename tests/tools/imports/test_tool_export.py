import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import EXPORT_FORMS, export_tools, import_tools
from tools.imports.tool_export import Form
from workers_ai import FunctionTool, Tool

CITY = {"type": "string", "description": "A city"}
SCHEMA = {"type": "object", "properties": {"city": CITY}, "required": ["city"]}
TOOL = Tool(name="weather", description="The weather", parameters=SCHEMA)
NAMED: dict[str, Any] = {"name": "weather", "description": "The weather"}
CAPITALS = {
    "type": "OBJECT",
    "properties": {"city": {"type": "STRING", "description": "A city"}},
    "required": ["city"],
}

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip)
values = st.none() | st.booleans() | st.integers() | st.floats(-1e6, 1e6) | texts
inner = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "integer", "number", "boolean"])},
        optional={"description": texts, "enum": st.lists(texts, min_size=1), "minimum": values},
    ),
    lambda parts: (
        st.fixed_dictionaries({"type": st.just("array"), "items": parts})
        | st.fixed_dictionaries({"anyOf": st.lists(parts, min_size=1, max_size=3)})
        | st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(texts, parts, max_size=3)},
            optional={"additionalProperties": st.booleans() | parts},
        )
    ),
    max_leaves=6,
)
properties = st.builds(
    lambda schema, kind, text: {"type": kind, **schema, "description": text},
    inner,
    st.sampled_from(["string", "object", "array"]),
    texts,
)
parameters = st.fixed_dictionaries(
    {"type": st.just("object"), "properties": st.dictionaries(texts, properties, max_size=4)},
    optional={"additionalProperties": st.booleans(), "title": texts, "required": st.just([])},
)
tools = st.builds(
    Tool,
    name=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    description=texts,
    parameters=parameters,
)


@settings(max_examples=25)
@given(st.lists(tools, min_size=1, max_size=4, unique_by=lambda tool: tool.name))
def test_each_form_is_imported_as_the_same_tools(tools: list[Tool]) -> None:
    for form in EXPORT_FORMS:
        text = export_tools(tools, form)
        imported = import_tools(text)
        assert imported.tools == tuple(tools), form
        assert imported.lost == (), form
        assert imported.source == form
        assert export_tools(imported.tools, form) == text


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("documented", [{**NAMED, "parameters": SCHEMA}]),
        ("openai", [{"type": "function", "function": {**NAMED, "parameters": SCHEMA}}]),
        ("anthropic", [{**NAMED, "input_schema": SCHEMA}]),
        ("gemini", [{"functionDeclarations": [{**NAMED, "parameters": CAPITALS}]}]),
        ("mcp", {"tools": [{**NAMED, "inputSchema": SCHEMA}]}),
    ],
)
def test_each_form_is_what_the_other_api_accepts(form: Form, expected: Any) -> None:
    assert json.loads(export_tools([TOOL], form)) == expected
    wrapped = FunctionTool(type="function", function=TOOL)
    assert export_tools([wrapped], form) == export_tools([TOOL], form)


@pytest.mark.parametrize(
    "change",
    [
        {"additionalProperties": False},
        {"properties": {"city": {**CITY, "enum": [1]}}},
        {"properties": {"city": {**CITY, "format": "uri"}}},
        {"properties": {"city": {**CITY, "const": "x"}}},
        {"properties": {"city": {"type": "array", "description": "d", "items": {}}}},
        {"properties": {"city": {"type": "array", "description": "d", "items": True}}},
        {"properties": {"city": {"type": "object", "description": "d", "properties": {}}}},
    ],
)
def test_gemini_gets_json_schema_where_its_own_cannot_express_it(change: dict[str, Any]) -> None:
    tool = Tool(**NAMED, parameters={**SCHEMA, **change})
    (declaration,) = json.loads(export_tools([tool], "gemini"))[0]["functionDeclarations"]
    assert declaration["parametersJsonSchema"] == {**SCHEMA, **change}
    assert "parameters" not in declaration


def test_gemini_never_gets_an_object_without_properties() -> None:
    tool = Tool(**NAMED, parameters={"type": "object", "properties": {}})
    assert json.loads(export_tools([tool], "gemini")) == [{"functionDeclarations": [NAMED]}]


def test_letters_of_all_languages_are_written_as_is() -> None:
    tool = Tool(name="weather", description="Das Wetter, 天気", parameters=SCHEMA)
    text = export_tools([tool], "mcp")
    assert "天気" in text
