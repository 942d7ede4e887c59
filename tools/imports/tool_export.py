"""Export of tools for other APIs."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

from schemas import GEMINI_TYPES, with_subschemas
from workers_ai import FunctionTool, Tool
from workers_ai.json_values import Place, plain

Form = Literal["documented", "openai", "anthropic", "gemini", "mcp"]
EXPORT_FORMS: tuple[Form, ...] = get_args(Form)
"""The export formats; "documented" is this API's own flat shape."""

_Body = dict[str, Any]

_GEMINI = {
    *("type", "format", "title", "description", "enum", "items", "properties", "required"),
    *("minItems", "maxItems", "minLength", "maxLength", "pattern", "minimum", "maximum"),
    *("minProperties", "maxProperties", "anyOf", "default", "example"),
}
"""The keywords of Gemini's Schema with the same meaning as in JSON Schema."""

_FORMATS = ("date-time", "float", "double", "int32", "int64")


def export_tools(tools: Sequence[Tool | FunctionTool], form: Form) -> str:
    """Return tools as JSON text in another format; `import_tools` reads the same tools back.

    The text is what the other API accepts as its `tools`; for MCP it is the result of `tools/list`.
    The same tools always give the same text. Only the documented format keeps keys other than the
    name, the description and the parameters.
    """
    bodies = [_flat(tool) for tool in tools]
    return json.dumps(_WRITERS[form](bodies), indent=2, ensure_ascii=False)


def _flat(tool: Tool | FunctionTool) -> _Body:
    return tool.function.body() if isinstance(tool, FunctionTool) else tool.body()


def _named(body: _Body, schema_key: str) -> _Body:
    return {
        "name": body["name"],
        "description": body["description"],
        schema_key: body["parameters"],
    }


def _openai(bodies: list[_Body]) -> Any:
    return [{"type": "function", "function": _named(body, "parameters")} for body in bodies]


def _anthropic(bodies: list[_Body]) -> Any:
    return [_named(body, "input_schema") for body in bodies]


def _mcp(bodies: list[_Body]) -> Any:
    return {"tools": [_named(body, "inputSchema") for body in bodies]}


def _gemini(bodies: list[_Body]) -> Any:
    return [{"functionDeclarations": [_declaration(body) for body in bodies]}]


def _declaration(body: _Body) -> _Body:
    schema = body["parameters"]
    if schema == {"type": "object", "properties": {}}:
        # Gemini refuses an object without properties.
        return {"name": body["name"], "description": body["description"]}
    if _is_gemini(schema):
        return _named({**body, "parameters": _in_capitals(schema, ())}, "parameters")
    return _named(body, "parametersJsonSchema")


def _is_gemini(schema: Any) -> bool:
    """Return whether Gemini's own Schema can express it completely."""
    if not isinstance(schema, dict) or not _GEMINI.issuperset(schema):
        return False
    enum = schema.get("enum", [])
    if not isinstance(enum, list) or not all(isinstance(value, str) for value in enum):
        return False
    if schema.get("type") not in GEMINI_TYPES.values() or schema.get("properties") == {}:
        return False
    if not isinstance(schema.get("items", {}), dict):
        return False
    return schema.get("format", _FORMATS[0]) in _FORMATS and all(map(_is_gemini, _parts(schema)))


def _parts(schema: _Body) -> list[Any]:
    parts: list[Any] = []

    def take(part: Any, _: Place) -> Any:
        parts.append(part)
        return part

    with_subschemas(schema, (), take)
    return parts


def _in_capitals(schema: _Body, place: Place) -> _Body:
    own = with_subschemas(schema, place, _in_capitals)
    return {**own, "type": own["type"].upper()}


_WRITERS: dict[Form, Callable[[list[_Body]], Any]] = {
    "documented": plain,
    "openai": _openai,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "mcp": _mcp,
}
