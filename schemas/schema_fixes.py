"""What people write that JSON Schema 2020-12 ignores or refuses, and the schema that says it."""

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

from workers_ai.json_values import Place, is_number, path, shown, with_part

from .checks.keyword_shapes import ANNOTATIONS, KEYWORDS, is_schema
from .checks.wrappers import wrapped_schema, wrapper_message
from .flags import parts

MOST_FIXES = 50
_MOST_ROUNDS = 200
_SIMILAR = 0.8

Schema = dict[str, Any]


class SchemaFix(NamedTuple):
    """One thing to change in a schema, ready to be done."""

    path: str
    """The keyword's path, such as `properties.price.nullable`; "" for the whole schema."""

    message: str
    """Why it does not do what it seems to do."""

    label: str
    """What the change does, as on a button."""

    schema: Any
    """The whole schema after the change."""


_Rewrite = tuple[Place, str, str, Schema]
"""The path of a keyword within its schema, a sentence, a label, and the new schema."""


def schema_fixes(schema: Any) -> tuple[SchemaFix, ...]:
    """Return what can be changed at once, in schema order, at most `MOST_FIXES`.

    The schema may have faults. Names of properties are never taken for keywords, and keywords that
    begin with `x-` are left alone.
    """
    if found := wrapped_schema(schema):
        place, inner = found
        return (SchemaFix("", wrapper_message(place), "Use the schema inside", inner),)
    fixes: list[SchemaFix] = []
    for place, part in parts(schema):
        for within, message, label, new in _rewrites(part):
            where = path((*place, *within))
            fixes.append(SchemaFix(where, message, label, with_part(schema, place, new)))
            if len(fixes) == MOST_FIXES:
                return tuple(fixes)
    return tuple(fixes)


def fixed_schema(schema: Any) -> Any:
    """Return the schema after all fixes."""
    for _ in range(_MOST_ROUNDS):
        fixes = schema_fixes(schema)
        if not fixes:
            break
        schema = fixes[0].schema
    return schema


def _rewrites(part: Schema) -> Iterator[_Rewrite]:
    for keyword in part:
        if keyword in _RULES:
            found = _RULES[keyword](part, part[keyword])
            if found:
                yield ((keyword,), *found)
        elif keyword not in KEYWORDS and (name := _meant(keyword, part)):
            sentence = f"it is not a keyword of JSON Schema; did you mean {name}?"
            yield (keyword,), sentence, f"Rename it to {name}", _renamed(part, keyword, name)
    properties = part.get("properties")
    if isinstance(properties, dict):
        yield from _required_inside(part, properties)


def _renamed(part: Schema, keyword: str, name: str) -> Schema:
    return {name if key == keyword else key: value for key, value in part.items()}


def _without(part: Schema, *keywords: str) -> Schema:
    return {key: value for key, value in part.items() if key not in keywords}


def _meant(keyword: str, part: Schema) -> str:
    """Return the keyword that a misspelled one stands for, or ""."""
    if keyword.startswith("x-") or keyword in ("id", "schema"):
        return ""
    plain = _plain(keyword)
    same = _BY_PLAIN.get(plain)
    near = get_close_matches(plain, list(_BY_PLAIN), 1, _SIMILAR)
    name = same or (_BY_PLAIN[near[0]] if near else "")
    return name if name not in part else ""


def _plain(keyword: str) -> str:
    return re.sub(r"[\W_]", "", keyword).lower()


_BY_PLAIN = {_plain(keyword): keyword for keyword in sorted(KEYWORDS) if keyword != "definitions"}


_Found = tuple[str, str, Schema] | None


def _nullable(part: Schema, value: Any) -> _Found:
    if value is not True:
        return "it is an OpenAPI keyword and has no effect", "Remove it", _without(part, "nullable")
    return "it is an OpenAPI keyword, which JSON Schema ignores", "Allow null", _with_null(part)


def _with_null(part: Schema) -> Schema:
    own = _without(part, "nullable")
    kind, null = own.get("type"), {"type": "null"}
    if isinstance(own.get("enum"), list) and None not in own["enum"]:
        own["enum"] = [*own["enum"], None]
    if isinstance(kind, str | list) and "const" not in own:
        kinds = kind if isinstance(kind, list) else [kind]
        own["type"] = kinds if "null" in kinds else [*kinds, "null"]
        return own
    for keyword in ("anyOf", "oneOf"):
        if isinstance(own.get(keyword), list):
            parts = own[keyword]
            return {**own, keyword: parts if null in parts else [*parts, null]}
    if "enum" in own:
        return own
    said = {key: value for key, value in own.items() if key in ANNOTATIONS}
    rest = _without(own, *said)
    return {**said, "anyOf": [rest, null]} if rest else said


def _exclusive(keyword: str, bound: str) -> Callable[[Schema, Any], _Found]:
    def rule(part: Schema, value: Any) -> _Found:
        if not isinstance(value, bool):
            return None
        sentence = f"true or false is from draft 4; it is now a number and replaces {bound}"
        if value and is_number(part.get(bound)):
            new = _renamed(_without(part, keyword), bound, keyword)
            return sentence, f"Use {bound} as the bound", new
        return sentence, "Remove it", _without(part, keyword)

    return rule


def _items(part: Schema, value: Any) -> _Found:
    if not isinstance(value, list) or "prefixItems" in part:
        return None
    new = _renamed(part, "items", "prefixItems")
    if "additionalItems" in new:
        new = _renamed(new, "additionalItems", "items")
    return "a list is from draft 2019-09; it is now called prefixItems", "Use prefixItems", new


def _additional_items(part: Schema, value: Any) -> _Found:
    if isinstance(part.get("items"), list):
        return None  # Changed together with `items`.
    if "prefixItems" in part and "items" not in part and is_schema(value):
        new = _renamed(part, "additionalItems", "items")
        return "it has no effect; after prefixItems it is now items", "Rename it to items", new
    return "it has no effect here", "Remove it", _without(part, "additionalItems")


def _dependencies(part: Schema, value: Any) -> _Found:
    if not isinstance(value, dict):
        return None
    lists = {name: needed for name, needed in value.items() if isinstance(needed, list)}
    schemas = {name: needed for name, needed in value.items() if is_schema(needed)}
    if len(lists) + len(schemas) < len(value):
        return None
    new = _without(part, "dependencies")
    for keyword, found in (("dependentRequired", lists), ("dependentSchemas", schemas)):
        if found:
            new[keyword] = {**found, **new.get(keyword, {})}
    names = " and ".join(key for key in ("dependentRequired", "dependentSchemas") if key in new)
    sentence = "it is a draft 7 keyword and has no effect"
    return sentence, f"Use {names}" if value else "Remove it", new


def _example(part: Schema, value: Any) -> _Found:
    if "examples" in part:
        return "it is an OpenAPI keyword and has no effect", "Remove it", _without(part, "example")
    new = _renamed(part, "example", "examples")
    new["examples"] = [value]
    return "it is an OpenAPI keyword; JSON Schema has a list of examples", "Use examples", new


def _required_inside(part: Schema, properties: Schema) -> Iterator[_Rewrite]:
    """Yield what moves a `required: true` from a property to the object around it."""
    listed = part.get("required", [])
    for name, own in properties.items():
        if isinstance(own, dict) and isinstance(own.get("required"), bool):
            new = {**part, "properties": {**properties, name: _without(own, "required")}}
            if own["required"] and isinstance(listed, list) and name not in listed:
                new["required"] = [*listed, name]
            sentence = f"{shown(own['required'])} is not accepted; the object lists what it needs"
            label = "Move it to the object" if own["required"] else "Remove it"
            yield ("properties", name, "required"), sentence, label, new


_RULES: dict[str, Callable[[Schema, Any], _Found]] = {
    "nullable": _nullable,
    "exclusiveMinimum": _exclusive("exclusiveMinimum", "minimum"),
    "exclusiveMaximum": _exclusive("exclusiveMaximum", "maximum"),
    "items": _items,
    "additionalItems": _additional_items,
    "dependencies": _dependencies,
    "example": _example,
}
