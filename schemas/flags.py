"""Schema keywords that an engine may not enforce, with the reason for each (wire.md 6)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from workers_ai.json_values import Place, path

from .checks.keyword_shapes import KEYWORDS, SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS
from .checks.wrappers import constrains_nothing

MOST_FLAGS = 50
LONG_ENUM = 50
"""Values; a longer list of choices makes the grammar slow."""


class Flag(NamedTuple):
    """One keyword that may have no effect."""

    path: str
    """The keyword's path, such as `properties.price.multipleOf`."""

    message: str
    """Why an engine may not enforce it."""


_IGNORED = "engines like the documented one ignore or refuse it"
_OLD = "older engines ignore it"
_REASONS = {
    **dict.fromkeys(
        (
            *("multipleOf", "uniqueItems", "contains", "minContains", "maxContains"),
            *("minProperties", "maxProperties", "propertyNames", "patternProperties"),
        ),
        _IGNORED,
    ),
    **dict.fromkeys(
        (
            *("pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
            *("minItems", "maxItems", "minLength", "maxLength"),
        ),
        _OLD,
    ),
    **dict.fromkeys(
        ("not", "if", "then", "else", "dependentRequired", "dependentSchemas"),
        "hardly any engine can turn it into a grammar",
    ),
    "$ref": "not every engine supports references, least of all recursive ones",
    "$dynamicRef": "not every engine supports references, least of all recursive ones",
    "unevaluatedProperties": "hardly any engine supports it",
    "unevaluatedItems": "hardly any engine supports it",
}
_FORMATS = ("date", "time", "date-time", "duration", "email", "uuid", "ipv4", "ipv6", "uri")


def schema_flags(schema: Any) -> tuple[Flag, ...]:
    """Return what an engine may not enforce, in schema order; at most `MOST_FLAGS`.

    `check_schema` must have accepted the schema.
    """
    found: list[Flag] = []
    if constrains_nothing(schema):
        found.append(Flag("", "it has no keyword that constrains an answer: anything is valid"))
    for place, part in parts(schema):
        for keyword, value in part.items():
            if reason := _reason(keyword, value):
                found.append(Flag(path((*place, keyword)), reason))
            if len(found) == MOST_FLAGS:
                return tuple(found)
        if optional := _optional(part):
            found.append(Flag(path((*place, "required")), optional))
    if isinstance(schema, dict) and schema.get("type", "object") != "object":
        found.insert(0, Flag("type", "not every engine accepts a root that is not an object"))
    return tuple(found[:MOST_FLAGS])


def _reason(keyword: str, value: Any) -> str:
    if keyword == "format" and value not in _FORMATS:
        return f"only a few formats are enforced: {', '.join(_FORMATS)}"
    if keyword == "enum" and len(value) > LONG_ENUM:
        return f"more than {LONG_ENUM} choices make the answer slow to start"
    if keyword not in KEYWORDS and not keyword.startswith("x-"):
        return "it is not a keyword of JSON Schema and has no effect"
    return _REASONS.get(keyword, "")


def _optional(part: dict[str, Any]) -> str:
    names = part.get("properties")
    if not isinstance(names, dict):
        return ""
    optional = [name for name in names if name not in part.get("required", ())]
    if not optional:
        return ""
    listed = ", ".join(optional[:5]) + (" …" if len(optional) > 5 else "")  # noqa: PLR2004
    return f"the model may omit what is not required: {listed}"


def parts(schema: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield each subschema that is an object, outer ones first."""
    stack: list[tuple[Place, Any]] = [((), schema)]
    while stack:
        place, part = stack.pop()
        if not isinstance(part, dict):
            continue
        yield place, part
        inner: list[tuple[Place, Any]] = []
        for keyword, value in part.items():
            if keyword in SINGLE_SCHEMAS:
                inner.append(((*place, keyword), value))
            elif keyword in SCHEMA_LISTS and isinstance(value, list):
                inner += [((*place, keyword, at), each) for at, each in enumerate(value)]
            elif keyword in SCHEMA_MAPS and isinstance(value, dict):
                inner += [((*place, keyword, name), each) for name, each in value.items()]
        stack += reversed(inner)
