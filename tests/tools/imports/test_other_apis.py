import json
from typing import Any

import pytest

from tools import ImportedTools, import_tools

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "A city"}},
    "required": ["city"],
}
FLAT = {"name": "weather", "description": "The weather", "parameters": SCHEMA}
CHAT = {"type": "function", "function": FLAT}
RESPONSES = {"type": "function", **FLAT}
ANTHROPIC = {"name": "weather", "description": "The weather", "input_schema": SCHEMA}
MCP = {"name": "weather", "description": "The weather", "inputSchema": SCHEMA}
CAPITALS = {
    "type": "OBJECT",
    "properties": {"city": {"type": "STRING", "description": "A city"}},
    "required": ["city"],
}
DECLARATION = {**FLAT, "parameters": CAPITALS}
GEMINI = {"functionDeclarations": [DECLARATION]}


def read(value: Any) -> ImportedTools:
    return import_tools(json.dumps(value))


def notes(value: Any) -> list[str]:
    return [str(fault) for fault in read(value).lost]


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (CHAT, "openai"),
        ([CHAT], "openai"),
        ({"tools": [CHAT]}, "openai"),
        ({"model": "m", "messages": [], "tools": [CHAT]}, "openai"),
        (RESPONSES, "openai"),
        ({"tools": [RESPONSES]}, "openai"),
        (ANTHROPIC, "anthropic"),
        ({"tools": [ANTHROPIC]}, "anthropic"),
        ([{"type": "custom", **ANTHROPIC}], "anthropic"),
        (GEMINI, "gemini"),
        ([GEMINI], "gemini"),
        ({"tools": [GEMINI]}, "gemini"),
        ({"tools": [{"function_declarations": [DECLARATION]}]}, "gemini"),
        (DECLARATION, "gemini"),
        (
            [{"name": "weather", "description": "The weather", "parametersJsonSchema": SCHEMA}],
            "gemini",
        ),
        ({"tools": [MCP]}, "mcp"),
        ({"jsonrpc": "2.0", "id": 1, "result": {"tools": [MCP]}}, "mcp"),
        ({"result": {"tools": [MCP], "nextCursor": None}}, "mcp"),
        (MCP, "mcp"),
        ([FLAT], "documented"),
    ],
)
def test_the_same_tool_is_read_in_each_form(value: Any, source: str) -> None:
    imported = read(value)
    assert imported.source == source
    assert [tool.body() for tool in imported.tools] == [FLAT]
    assert imported.lost == ()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({**CHAT, "function": {**FLAT, "strict": True}}, "weather: `strict` was left out"),
        ({**CHAT, "cache_control": {}}, "weather: `cache_control` was left out"),
        ({**RESPONSES, "strict": False}, "weather: `strict` was left out"),
        ({**ANTHROPIC, "cache_control": {"type": "x"}}, "weather: `cache_control` was left out"),
        ({**MCP, "annotations": {"readOnlyHint": True}}, "weather: `annotations` was left out"),
        ({**MCP, "title": "Weather"}, "weather: `title` was left out"),
        ({**MCP, "outputSchema": {}}, "weather: `outputSchema` was left out"),
        ({**DECLARATION, "behavior": "BLOCKING"}, "weather: `behavior` was left out"),
        ({**DECLARATION, "response": {}}, "weather: `response` was left out"),
        ({"tools": [MCP], "nextCursor": "abc"}, "only this page was read"),
        ([CHAT, {"type": "web_search"}], "tools[1]: `web_search` is not a function with a schema"),
        (
            [ANTHROPIC, {"type": "bash_20250124", "name": "bash"}],
            "tools[1]: `bash` is not a function",
        ),
        ([GEMINI, {"googleSearch": {}}], "tools[1]: it is not a function with a schema"),
        (
            {"functionDeclarations": [DECLARATION, 5]},
            "functionDeclarations[1]: it is not a declaration",
        ),
    ],
)
def test_what_cannot_be_expressed_is_reported(value: Any, sentence: str) -> None:
    assert len(read(value).tools) == 1
    assert len(notes(value)) == 1
    assert notes(value)[0].startswith(sentence) or sentence in notes(value)[0]


def test_a_tool_without_arguments_needs_no_schema() -> None:
    empty = {"type": "object", "properties": {}}
    for value in (
        {"type": "function", "function": {"name": "now", "description": "The time"}},
        {"functionDeclarations": [{"name": "now", "description": "The time"}]},
        {"name": "now", "description": "The time"},
        {"name": "now", "description": "The time", "inputSchema": {"type": "object"}},
    ):
        assert read(value).tools[0].parameters == empty
        assert notes(value) == []


def test_an_mcp_title_replaces_a_missing_description() -> None:
    tool = {"name": "weather", "title": "The weather", "inputSchema": SCHEMA}
    assert read(tool).tools[0].description == "The weather"
    assert notes(tool) == []


def test_gemini_has_its_own_null_order_and_counts() -> None:
    schema = {
        "type": "OBJECT",
        "propertyOrdering": ["tags", "note"],
        "properties": {
            "tags": {
                "type": "ARRAY",
                "description": "Tags",
                "maxItems": "3",
                "items": {"type": "STRING", "nullable": True, "enum": ["a"]},
            },
            "note": {"type": "STRING", "description": "A note", "nullable": True},
        },
    }
    value = {"name": "f", "description": "d", "parameters": schema}
    assert read(value).tools[0].parameters["properties"] == {
        "tags": {
            "type": "array",
            "description": "Tags",
            "maxItems": 3,
            "items": {"type": ["string", "null"], "enum": ["a", None]},
        },
        "note": {"type": "string", "description": "A note"},
    }
    assert notes(value) == [
        "f.parameters: propertyOrdering was left out; the documented shape has no field for it",
        "f.parameters.note: null was left out of its types; the documented schema allows one type",
    ]
