"""A parser of tool calls as models write them, in JSON or Python notation; nothing is evaluated."""

import ast
import json
import re
import textwrap
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError

from workers_ai import FunctionTool, Tool
from workers_ai.json_values import check_json, nesting
from workers_ai.tool_calls import DEEPEST_ARGUMENTS

Notation = Literal["json", "python"]

Entry = dict[str, Any]
"""One call in the flat wire shape: `name`, `arguments`, and `id` if the model set one."""

_NAMESPACES = ("default_api.", "functions.", "tools.")
_ARGUMENTS = ("arguments", "parameters")
_LABELS = {"id", "type", "index"}
_TYPES = ("function", "function_call", "tool_call")
_BLANK = re.compile(r"\s*")
_DECODER = json.JSONDecoder()
_JSON_NAMES = {"true": True, "false": False, "null": None}


class NotCallsError(ValueError):
    """The text is not just calls of the offered tools."""


class OfferedTools:
    """The tools that a call can name."""

    def __init__(self, tools: Iterable[Tool | FunctionTool]) -> None:
        self._tools: dict[str, Tool | FunctionTool] = {}
        for tool in tools:
            self._tools.setdefault(tool.name, tool)

    def __contains__(self, name: object) -> bool:
        return name in self._tools

    def named(self, name: object) -> Tool | FunctionTool:
        """Return the tool with this name, which can have a namespace such as default_api."""
        if not isinstance(name, str):
            raise NotCallsError("the name is not a string")
        plain = next((name.removeprefix(n) for n in _NAMESPACES if name.startswith(n)), name)
        tool = self._tools.get(name) or self._tools.get(plain)
        if tool is None:
            raise NotCallsError("no such tool")
        return tool


def read_calls(text: str, tools: OfferedTools) -> tuple[Notation, list[Entry]]:
    """Parse a text that consists only of calls, or raise NotCallsError."""
    text = textwrap.dedent(text).strip()
    try:
        if text.startswith(("{", "[")):
            return "json", _json_calls(text, tools)
    except (ValueError, RecursionError):
        # A list may be Python's; an object is not a call there either.
        pass
    return "python", _python_calls(text, tools)


def _json_calls(text: str, tools: OfferedTools) -> list[Entry]:
    values = []
    at = 0
    while at < len(text):
        value, end = _DECODER.raw_decode(text, at)
        values.append(value)
        at = _BLANK.match(text, end).end()  # type: ignore[union-attr]
    return [_entry(item, tools) for value in values for item in _items(value)]


def _items(value: Any) -> Sequence[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise NotCallsError("neither an object nor a list")
    for key in ("tool_calls", "function_call"):
        if key in value:
            # Text next to the calls would be lost.
            if value.keys() - {key, "role", "content"} or value.get("content"):
                raise NotCallsError("a message with other content")
            return value[key] if isinstance(value[key], list) else [value[key]]
    return [value]


def _entry(item: Any, tools: OfferedTools) -> Entry:
    if not isinstance(item, dict):
        raise NotCallsError("not an object")
    inner = item.get("function")
    if not isinstance(inner, dict):
        return _flat(item, tools)
    if item.keys() - _LABELS - {"function"}:
        raise NotCallsError("not a wrapped call")
    return {"id": _text(item.get("id")), **_flat(inner, tools)}


def _flat(item: Mapping[str, Any], tools: OfferedTools) -> Entry:
    tool = tools.named(item.get("name"))
    own = tool.parameters["properties"]
    rest = {key: value for key, value in item.items() if key != "name"}
    given = [rest[key] for key in _ARGUMENTS if key in rest]
    if len(given) == 1 and not rest.keys() - _LABELS - {*_ARGUMENTS} and _may_be_arguments(*given):
        if rest.get("type", "function") not in _TYPES or _is_schema(given[0], own):
            raise NotCallsError("a description of the tool")
        entry = {"name": tool.name, "arguments": _checked(given[0])}
        return {**entry, "id": _text(rest["id"])} if "id" in rest else entry
    if rest.get("type") in _TYPES and "type" not in own:
        del rest["type"]
    if rest.keys().isdisjoint(own) and (rest or tool.parameters.get("required")):
        raise NotCallsError("an object that only shares its name with the tool")
    return {"name": tool.name, "arguments": _checked(rest)}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _may_be_arguments(value: Any) -> bool:
    if isinstance(value, str):
        return value.lstrip()[:1] in ("", "{")
    return value is None or isinstance(value, dict)


def _is_schema(arguments: Any, own: Mapping[str, Any]) -> bool:
    """Return whether these repeat the tool's parameters instead of giving values."""
    if not isinstance(arguments, dict) or not arguments:
        return False
    if isinstance(arguments.get("properties"), dict) and "properties" not in own:
        return True
    return all(
        isinstance(value, dict) and "type" in value and _type(own, name) != "object"
        for name, value in arguments.items()
    )


def _type(own: Mapping[str, Any], name: str) -> Any:
    return own.get(name, {}).get("type")


def _checked(arguments: Any) -> Any:
    if nesting(arguments) > DEEPEST_ARGUMENTS:
        raise NotCallsError("nested too deeply")
    try:
        return check_json(arguments)
    except ValidationError:
        raise NotCallsError("JSON has no such value") from None


def _python_calls(source: str, tools: OfferedTools) -> list[Entry]:
    calls = (call for line in _parsed(source) for call in _expressions(line, tools))
    return [_python_entry(call, tools) for call in calls]


def _parsed(source: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            # A stray backslash in a path is not ours to warn about.
            warnings.simplefilter("ignore")
            return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotCallsError("not Python") from None


def _expressions(statement: ast.stmt, tools: OfferedTools) -> list[ast.expr]:
    if not isinstance(statement, ast.Expr):
        raise NotCallsError("code, not a call")
    match statement.value:
        case ast.List(elts=calls) | ast.Tuple(elts=calls):
            return calls
        case ast.Call(func=ast.Name(id="print"), args=[_, *_] as calls, keywords=[]) if (
            "print" not in tools
        ):
            return calls
        case call:
            return [call]


def _python_entry(node: ast.expr, tools: OfferedTools) -> Entry:
    if not isinstance(node, ast.Call):
        raise NotCallsError("not a call")
    tool = tools.named(_dotted(node.func))
    arguments = _by_position(node.args, tool)
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg in arguments:
            raise NotCallsError("starred or passed twice")
        arguments[keyword.arg] = _literal(keyword.value)
    return {"name": tool.name, "arguments": _checked(arguments)}


def _dotted(node: ast.expr) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise NotCallsError("not a name")
    return ".".join([node.id, *reversed(names)])


def _by_position(nodes: Sequence[ast.expr], tool: Tool | FunctionTool) -> dict[str, Any]:
    own = tool.parameters["properties"]
    required = set(tool.parameters.get("required") or ())
    if len(nodes) > len(own) or (nodes and not required.issuperset([*own][: len(required)])):
        raise NotCallsError("it is ambiguous which argument is meant")
    arguments = {name: _literal(node) for name, node in zip(own, nodes, strict=False)}
    if any(isinstance(arguments[n], dict) and _type(own, n) != "object" for n in arguments):
        raise NotCallsError("an unexpected object may hold all the arguments")
    return arguments


def _literal(node: ast.expr) -> Any:
    # Safe to recurse: Python's own parser allows at most 200 nested brackets.
    match node:
        case ast.Constant(value=bool() | str() | int() | float() | None as value):
            return value
        case ast.Name(id=("true" | "false" | "null") as name):
            return _JSON_NAMES[name]
        case ast.UnaryOp(
            op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant(value=number)
        ) if type(number) in (int, float):
            return -number if isinstance(sign, ast.USub) else number  # type: ignore[operator]
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_literal(part) for part in parts]
        case ast.Dict(keys=keys, values=values) if None not in keys:
            names = [_literal(key) for key in keys if key is not None]
            if not all(isinstance(name, str) for name in names):
                raise NotCallsError("a key that is not a string")
            parts = [_literal(value) for value in values]
            return dict(zip(names, parts, strict=True))
    raise NotCallsError("not a literal")
