"""Translation of `Field(…)` and similar metadata to JSON Schema keywords."""

import ast
from typing import Any, NamedTuple

from .constants import NotAConstantError, constant, constant_text, is_ellipsis, last_name
from .type_names import CONSTRAINED

_KEYWORDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
    "regex": "pattern",
    "unique_items": "uniqueItems",
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
    "min_items": {"array": "minItems"},
    "max_items": {"array": "maxItems"},
}
_NUMBERS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")
_OF_TYPES = {
    **dict.fromkeys(_NUMBERS, ("integer", "number")),
    "pattern": ("string",),
    "uniqueItems": ("array",),
}
_OF_ALL = {"title", "examples", "description"}
_BEYOND = {"decimal_places", "max_digits", "json_schema_extra"}
_RULES = {
    *("AfterValidator", "BeforeValidator", "PlainValidator", "WrapValidator"),
    *("Predicate", "Not"),
}
_LIMITS = {"StringConstraints", "Interval", "Len", "Meta"}
_FIELDS = {"Field", "field", "Query", "Path", "Body", "Header", "Form"}


class FieldCall(NamedTuple):
    """A default written as a call."""

    default: ast.expr | None
    is_required: bool
    alias: str


def is_field(node: ast.expr | None) -> bool:
    """Return whether it is a call of `Field(…)`, as in pydantic and dataclasses."""
    return isinstance(node, ast.Call) and last_name(node) in _FIELDS


def read_field(node: ast.expr) -> FieldCall:
    """Return the default and alias in a call of `Field(…)`."""
    call = node if isinstance(node, ast.Call) else ast.Call(node, [], [])
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    default = call.args[0] if call.args else named.get("default")
    has_factory = any(key in named for key in ("default_factory", "factory"))
    is_required = (default is None and not has_factory) or is_ellipsis(default)
    alias = constant_text(named.get("validation_alias")) or constant_text(named.get("alias"))
    return FieldCall(None if is_ellipsis(default) else default, is_required, alias)


def with_constraints(schema: dict[str, Any], node: ast.expr) -> dict[str, Any]:
    """Return a schema with the constraints of one piece of metadata.

    Each of several alternatives gets the keywords that suit its type.
    """
    if not isinstance(schema.get("anyOf"), list):
        return schema | metadata(node, schema.get("type"))
    common = {key: value for key, value in metadata(node, None).items() if key in _OF_ALL}
    parts = [part | _of_type(metadata(node, part.get("type")), part) for part in schema["anyOf"]]
    return {**schema, "anyOf": parts, **common}


def _of_type(given: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    return {
        key: value
        for key, value in given.items()
        if key not in _OF_ALL and kind in _OF_TYPES.get(key, (kind,))
    }


def unexpressed(schema: dict[str, Any], node: ast.expr) -> list[str]:
    """Return the names of constraints in the metadata that a schema cannot express."""
    if last_name(node) in _RULES:
        return [last_name(node)]
    if not isinstance(node, ast.Call) or not _has_keywords(node):
        return []
    parts = schema.get("anyOf")
    kinds = [part.get("type") for part in (parts if isinstance(parts, list) else [schema])]
    return [each.arg for each in node.keywords if each.arg and _is_unsaid(each.arg, each, kinds)]


def _is_unsaid(name: str, keyword: ast.keyword, kinds: list[Any]) -> bool:
    if name in _BEYOND:
        return True
    if name not in _KEYWORDS and name not in _LENGTHS:
        return False
    translated = _KEYWORDS.get(name, name)
    return not any(_keyword(translated, keyword.value, kind) for kind in kinds)


def _has_keywords(node: ast.Call) -> bool:
    return is_field(node) or last_name(node) in _LIMITS or last_name(node) in CONSTRAINED


def metadata(node: ast.expr, kind: Any) -> dict[str, Any]:
    """Return the keywords for one piece of metadata on a value of a type."""
    if text := constant_text(node):
        return {"description": text}
    if not isinstance(node, ast.Call):
        return {}
    name = last_name(node)
    if name in ("Doc", "doc") and node.args:
        return {"description": constant_text(node.args[0])}
    if name in _CONSTRAINTS and node.args:
        return _keyword(_CONSTRAINTS[name], node.args[0], kind)
    given: dict[str, Any] = {}
    for keyword in node.keywords if _has_keywords(node) else ():
        given |= _keyword(_KEYWORDS.get(keyword.arg or "", keyword.arg or ""), keyword.value, kind)
    return given


def _keyword(name: str, node: ast.expr, kind: Any) -> dict[str, Any]:
    if name in _LENGTHS:
        name = _LENGTHS[name].get(str(kind), "")
    if name not in _TRANSLATED:
        return {}
    try:
        return {name: constant(node)}
    except NotAConstantError:
        return {}


_TRANSLATED = {
    *_KEYWORDS.values(),
    *(name for names in _LENGTHS.values() for name in names.values()),
}
