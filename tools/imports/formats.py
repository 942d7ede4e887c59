"""The formats of tools: this API's own, OpenAI's, Anthropic's, Gemini's, and MCP's."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas import GEMINI_TYPES

from .tool_builder import ToolBuilder

_FLAT_KEYS = ("name", "description", "parameters")
_OPENAI_KEYS = ("type", *_FLAT_KEYS)
_ANTHROPIC_KEYS = ("type", "name", "description", "input_schema")
_GEMINI_SCHEMAS = ("parameters", "parametersJsonSchema", "parameters_json_schema")
_GEMINI_KEYS = ("name", "description", *_GEMINI_SCHEMAS)
_GEMINI_LISTS = ("functionDeclarations", "function_declarations")
_MCP_KEYS = ("name", "description", "inputSchema")


def is_documented(entry: Mapping[str, Any]) -> bool:
    """Return whether a list entry is a flat tool; one without arguments may lack the schema."""
    if not isinstance(entry.get("name"), str) or "type" in entry:
        return False
    return "parameters" in entry or isinstance(entry.get("description"), str)


def add_documented(entry: Mapping[str, Any], builder: ToolBuilder) -> None:
    """Add one tool."""
    name = builder.unique_name(entry["name"])
    builder.report_unknown_keys(name, entry, _FLAT_KEYS)
    builder.add(name, entry.get("description"), entry.get("parameters"))


def is_openai(entry: Mapping[str, Any]) -> bool:
    """Return whether a list entry is an OpenAI function."""
    if isinstance(entry.get("function"), dict):
        return True
    return entry.get("type") == "function" and isinstance(entry.get("name"), str)


def add_openai(entry: Mapping[str, Any], builder: ToolBuilder) -> None:
    """Add one function in either form."""
    function = entry.get("function")
    flat = function if isinstance(function, dict) else entry
    name = builder.unique_name(flat.get("name"))
    if flat is not entry:
        builder.report_unknown_keys(name, entry, ("type", "function"))
    builder.report_unknown_keys(name, flat, _OPENAI_KEYS)
    builder.add(name, flat.get("description"), flat.get("parameters"))


def is_anthropic(entry: Mapping[str, Any]) -> bool:
    """Return whether a list entry is an Anthropic tool with a schema."""
    return "input_schema" in entry


def add_anthropic(entry: Mapping[str, Any], builder: ToolBuilder) -> None:
    """Add one tool."""
    name = builder.unique_name(entry.get("name"))
    builder.report_unknown_keys(name, entry, _ANTHROPIC_KEYS)
    builder.add(name, entry.get("description"), entry["input_schema"])


def is_gemini(entry: Mapping[str, Any]) -> bool:
    """Return whether an entry is a list of Gemini's declarations, or one of them."""
    if any(isinstance(entry.get(key), list) for key in _GEMINI_LISTS):
        return True
    if any(key in entry for key in _GEMINI_SCHEMAS[1:]):
        return True
    schema = entry.get("parameters")
    return isinstance(schema, dict) and schema.get("type") in tuple(GEMINI_TYPES)


def add_gemini(entry: Mapping[str, Any], builder: ToolBuilder) -> None:
    """Add every declaration."""
    for declaration in _declarations(entry, builder):
        if builder.is_full:
            return
        name = builder.unique_name(declaration.get("name"))
        builder.report_unknown_keys(name, declaration, _GEMINI_KEYS)
        schema = next((declaration[key] for key in _GEMINI_SCHEMAS if key in declaration), None)
        builder.add(name, declaration.get("description"), schema)


def _declarations(entry: Mapping[str, Any], builder: ToolBuilder) -> Iterator[Mapping[str, Any]]:
    lists = [entry[key] for key in _GEMINI_LISTS if isinstance(entry.get(key), list)]
    if not lists:
        yield entry
    for at, each in enumerate(part for found in lists for part in found):
        if isinstance(each, dict):
            yield each
        else:
            builder.findings.add((_GEMINI_LISTS[0], at), "it is not a declaration and was left out")


def is_mcp(entry: Mapping[str, Any]) -> bool:
    """Return whether a list entry is an MCP tool."""
    return "inputSchema" in entry


def add_mcp(entry: Mapping[str, Any], builder: ToolBuilder) -> None:
    """Add one tool. Its `title` replaces a missing description."""
    name = builder.unique_name(entry.get("name"))
    description = entry.get("description") or entry.get("title")
    known = _MCP_KEYS if entry.get("description") else (*_MCP_KEYS, "title")
    builder.report_unknown_keys(name, entry, known)
    builder.add(name, description, entry["inputSchema"])


def report_further_pages(result: Mapping[str, Any], builder: ToolBuilder) -> None:
    """Report that the result is one page of several."""
    if result.get("nextCursor"):
        builder.findings.add((), "the list continues after nextCursor; only this page was read")
