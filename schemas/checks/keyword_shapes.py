"""The required shape of each schema keyword: the 2020-12 metaschema, with our own messages."""

import re
from collections.abc import Callable
from typing import Any

from workers_ai.json_values import is_integer, is_number, shown

from .patterns import pattern_problem
from .value_keywords import JSON_TYPES

_ANCHOR = re.compile(r"[A-Za-z_][-A-Za-z0-9._]*", re.ASCII)

SINGLE_SCHEMAS = {
    "items",
    "contains",
    "additionalProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "not",
    "if",
    "then",
    "else",
    "contentSchema",
}
"""Keywords whose value is one schema."""

SCHEMA_LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}
"""Keywords whose value is a list of schemas."""

SCHEMA_MAPS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
"""Keywords whose value maps names to schemas."""


def is_schema(value: object) -> bool:
    """Return whether a value has the outer form of a schema."""
    return isinstance(value, dict | bool)


def shape_problem(keyword: str, value: Any) -> str:
    """Return what is wrong with the value of a keyword, apart from its subschemas, or ""."""
    check = _SHAPES.get(keyword)
    return check(value) if check else ""


def _refused(value: object, wanted: str) -> str:
    return f"{shown(value)} is not accepted; it must be {wanted}"


def _schema(value: Any) -> str:
    if is_schema(value):
        return ""
    if isinstance(value, list):
        return "a list is not accepted; it must be a schema (for one per position, use prefixItems)"
    return _refused(value, "a schema: an object, true or false")


def _schemas(value: Any) -> str:
    if not isinstance(value, list):
        return _refused(value, "a list of schemas")
    return "" if value else "the list is empty; it must have at least one schema"


def _by_name(value: Any) -> str:
    return (
        "" if isinstance(value, dict) else _refused(value, "an object with a schema for each name")
    )


def _patterns(value: Any) -> str:
    if not isinstance(value, dict):
        return _refused(value, "an object with a schema for each pattern")
    return next(filter(None, map(_pattern, value)), "")


def _pattern(value: Any) -> str:
    if not isinstance(value, str):
        return _refused(value, "a string with a regular expression")
    problem = pattern_problem(value)
    return f"{shown(value)} is not a regular expression: {problem}" if problem else ""


def _type(value: Any) -> str:
    if isinstance(value, list):
        if not value or len(set(map(repr, value))) != len(value):
            return "the list must name at least one type, and no type twice"
        return next(filter(None, map(_one_type, value)), "")
    return _one_type(value)


def _one_type(value: Any) -> str:
    known = isinstance(value, str) and value in JSON_TYPES
    return "" if known else _refused(value, f"one of {', '.join(JSON_TYPES)}")


def _names(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        hint = "; it belongs next to properties" if isinstance(value, bool) else ""
        return _refused(value, "a list of property names") + hint
    return "" if len(set(value)) == len(value) else "the list names a property twice"


def _names_by_name(value: Any) -> str:
    if not isinstance(value, dict):
        return _refused(value, "an object with a list of property names for each name")
    return next(filter(None, map(_names, value.values())), "")


def _dependencies(value: Any) -> str:
    if not isinstance(value, dict):
        return _refused(value, "an object")
    parts = (part for part in value.values() if not is_schema(part))
    return next(filter(None, map(_names, parts)), "")


def _count(value: Any) -> str:
    good = is_integer(value) and value >= 0
    return "" if good else _refused(value, "a whole number of at least 0")


def _number(value: Any) -> str:
    return "" if is_number(value) else _refused(value, "a number")


def _step(value: Any) -> str:
    return "" if is_number(value) and value > 0 else _refused(value, "a number above 0")


def _kind(kind: type, wanted: str) -> Callable[[Any], str]:
    return lambda value: "" if isinstance(value, kind) else _refused(value, wanted)


def _anchor(value: Any) -> str:
    good = isinstance(value, str) and _ANCHOR.fullmatch(value)
    return "" if good else _refused(value, "a name made of letters, digits, - . and _")


def _id(value: Any) -> str:
    good = isinstance(value, str) and "#" not in value.removesuffix("#")
    return "" if good else _refused(value, "a URI without a fragment")


def _vocabulary(value: Any) -> str:
    good = isinstance(value, dict) and all(isinstance(part, bool) for part in value.values())
    return "" if good else _refused(value, "an object with true or false for each URI")


_text = _kind(str, "a string")
_flag = _kind(bool, "true or false")
_list = _kind(list, "a list")

_SHAPES: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(SINGLE_SCHEMAS, _schema),
    **dict.fromkeys(SCHEMA_LISTS, _schemas),
    **dict.fromkeys(SCHEMA_MAPS, _by_name),
    "patternProperties": _patterns,
    "pattern": _pattern,
    "type": _type,
    "enum": _list,
    "examples": _list,
    "required": _names,
    "dependentRequired": _names_by_name,
    "dependencies": _dependencies,
    "multipleOf": _step,
    **dict.fromkeys(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], _number),
    **dict.fromkeys(["minLength", "maxLength", "minItems", "maxItems"], _count),
    **dict.fromkeys(["minProperties", "maxProperties", "minContains", "maxContains"], _count),
    **dict.fromkeys(["uniqueItems", "deprecated", "readOnly", "writeOnly"], _flag),
    **dict.fromkeys(["title", "description", "format", "$comment", "$schema"], _text),
    **dict.fromkeys(["contentEncoding", "contentMediaType"], _text),
    **dict.fromkeys(["$ref", "$dynamicRef", "$recursiveRef"], _text),
    **dict.fromkeys(["$anchor", "$dynamicAnchor", "$recursiveAnchor"], _anchor),
    "$id": _id,
    "$vocabulary": _vocabulary,
}

KEYWORDS = frozenset({*_SHAPES, "const", "default"})
"""All keywords of JSON Schema 2020-12, and `definitions` and `dependencies` of older drafts."""

ANNOTATIONS = frozenset(
    {
        *("title", "description", "default", "examples", "$comment", "$schema", "$id", "$anchor"),
        *("deprecated", "readOnly", "writeOnly", "$defs", "definitions", "$vocabulary"),
    }
)
"""Keywords that no answer can violate."""
