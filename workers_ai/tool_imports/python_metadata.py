"""What `Field(…)` and its kin say of a value, as keywords of JSON Schema."""

import ast
from typing import Any, NamedTuple

from .python_values import NotAConstantError, constant, is_ellipsis, last_name, text_of

_KEYWORDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
    "regex": "pattern",
    "title": "title",
    "examples": "examples",
    "description": "description",
}
_CONSTRAINTS = {
    "Ge": "minimum",
    "Gt": "exclusiveMinimum",
    "Le": "maximum",
    "Lt": "exclusiveMaximum",
    "MultipleOf": "multipleOf",
    "MinLen": "min_length",
    "MaxLen": "max_length",
}
_LENGTHS = {
    "min_length": {"string": "minLength", "array": "minItems", "object": "minProperties"},
    "max_length": {"string": "maxLength", "array": "maxItems", "object": "maxProperties"},
}
_FIELDS = {"Field", "field", "Query", "Path", "Body", "Header", "Form"}


class FieldCall(NamedTuple):
    """A default that is written as a call."""

    default: ast.expr | None
    is_required: bool
    alias: str


def is_field(node: ast.expr | None) -> bool:
    """Whether it is a call of `Field(…)`, as pydantic and dataclasses have it."""
    return isinstance(node, ast.Call) and last_name(node) in _FIELDS


def read_field(node: ast.expr) -> FieldCall:
    """Return what a call of `Field(…)` says of the default and the name."""
    call = node if isinstance(node, ast.Call) else ast.Call(node, [], [])
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    default = call.args[0] if call.args else named.get("default")
    has_factory = any(key in named for key in ("default_factory", "factory"))
    is_required = (default is None and not has_factory) or is_ellipsis(default)
    alias = text_of(named.get("validation_alias")) or text_of(named.get("alias"))
    return FieldCall(None if is_ellipsis(default) else default, is_required, alias)


def metadata(node: ast.expr, kind: Any) -> dict[str, Any]:
    """Return the keywords that one piece of metadata stands for, on a value of a type."""
    if text := text_of(node):
        return {"description": text}
    if not isinstance(node, ast.Call):
        return {}
    name = last_name(node)
    if name in ("Doc", "doc") and node.args:
        return {"description": text_of(node.args[0])}
    if name in _CONSTRAINTS and node.args:
        return _keyword(_CONSTRAINTS[name], node.args[0], kind)
    given: dict[str, Any] = {}
    for keyword in node.keywords if is_field(node) else ():
        given |= _keyword(_KEYWORDS.get(keyword.arg or "", keyword.arg or ""), keyword.value, kind)
    return given


def _keyword(name: str, node: ast.expr, kind: Any) -> dict[str, Any]:
    if name in _LENGTHS:
        name = _LENGTHS[name].get(str(kind), "")
    if name not in _SAID:
        return {}
    try:
        return {name: constant(node)}
    except NotAConstantError:
        return {}


_SAID = {
    *_KEYWORDS.values(),
    *(name for names in _LENGTHS.values() for name in names.values()),
}
