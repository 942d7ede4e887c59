"""Recognition of the format of pasted text, and the tools in it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from schemas import PythonSourceError, looks_like_python
from workers_ai.json_text import JSONTextError, check_size, read_json

from .formats import (
    add_anthropic,
    add_documented,
    add_gemini,
    add_mcp,
    add_openai,
    is_anthropic,
    is_documented,
    is_gemini,
    is_mcp,
    is_openai,
    report_further_pages,
)
from .import_result import ImportedTools, ImportToolsError, Source
from .openapi import add_openapi
from .python_functions import add_python
from .tool_builder import ToolBuilder

_ACCEPTED = (
    "Paste the source of Python functions, an OpenAPI 3 document in JSON, an MCP tools/list "
    "result, or the JSON of tools for OpenAI, Anthropic, Gemini or this API."
)
_YAML = re.compile(r"^(?:openapi|swagger)[\"']?\s*:", re.MULTILINE)


class _Shape(NamedTuple):
    source: Source
    is_one: Callable[[Mapping[str, Any]], bool]
    gather: Callable[[Mapping[str, Any], ToolBuilder], None]


_SHAPES = (
    _Shape("openai", is_openai, add_openai),
    _Shape("mcp", is_mcp, add_mcp),
    _Shape("anthropic", is_anthropic, add_anthropic),
    _Shape("gemini", is_gemini, add_gemini),
    _Shape("documented", is_documented, add_documented),
)


def import_tools(text: str) -> ImportedTools:
    """Read the tools in a text, in any supported format.

    Accepts Python functions, OpenAPI 3 in JSON, the result of MCP's `tools/list`, and tools in the
    JSON of OpenAI, Anthropic, Gemini or this API: one, a list, or an object with `tools`. Raises
    ImportToolsError for anything else; for a syntax error it has a line and a column.
    """
    try:
        return _imported(text.removeprefix("\ufeff"))
    except (JSONTextError, PythonSourceError) as error:
        raise ImportToolsError(error.message, line=error.line, column=error.column) from error


def _imported(text: str) -> ImportedTools:
    check_size(text)
    builder = ToolBuilder()
    start = text.lstrip()[:1]
    if start and start in "{[":
        source = _gather_json(read_json(text), builder)
    elif _YAML.search(text[:10_000]):
        raise ImportToolsError("This OpenAPI document is YAML; convert it to JSON first.")
    elif looks_like_python(text):
        add_python(text, builder)
        source = "python"
    else:
        raise ImportToolsError(f"No tool was recognized. {_ACCEPTED}")
    lost = builder.findings.notes()
    if not builder.tools:
        reason = builder.reason or next(map(str, lost), "")
        raise ImportToolsError(f"No tool was found. {reason and f'{reason}. '}{_ACCEPTED}")
    return ImportedTools(source, tuple(builder.tools), lost)


def _gather_json(value: Any, builder: ToolBuilder) -> Source:
    if isinstance(value, dict) and "swagger" in value:
        raise ImportToolsError("This is Swagger 2.0; convert it to OpenAPI 3 first.")
    if isinstance(value, dict) and "openapi" in value:
        add_openapi(value, builder)
        return "openapi"
    sources = list(_gather_entries(value, builder))
    return sources[0] if sources else "documented"


def _gather_entries(value: Any, builder: ToolBuilder) -> Iterator[Source]:
    for at, entry in enumerate(_entries(value, builder)):
        if builder.is_full:
            return
        shape = _shape(entry)
        if shape:
            shape.gather(entry, builder)
            yield shape.source
        else:
            sentence = f"{_named(entry)} is not a function with a schema"
            builder.findings.add(("tools", at), sentence)


def _entries(value: Any, builder: ToolBuilder) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(result := value.get("result"), dict) and "tools" in result:
        value = result
    if not isinstance(value.get("tools"), list):
        return [value]
    report_further_pages(value, builder)
    found: list[Any] = value["tools"]
    return found


def _shape(entry: Any) -> _Shape | None:
    if not isinstance(entry, dict):
        return None
    return next((shape for shape in _SHAPES if shape.is_one(entry)), None)


def _named(entry: Any) -> str:
    name = entry.get("name", entry.get("type")) if isinstance(entry, dict) else None
    return f"`{name[:40]}`" if isinstance(name, str) else "it"
