"""The kinds of fields that the form knows, and changing one into another."""

from collections.abc import Callable, Mapping
from typing import Any

from workers_ai.json_values import Place, is_integer, is_number, with_part

from ..checks.value_keywords import JSON_TYPES
from .paths import SchemaEditError, part_at

TYPE_KINDS = ("string", "number", "integer", "boolean", "array", "object", "null")
REF = "ref"
OTHER = "other"

KINDS = (*TYPE_KINDS, REF)
"""The kinds a field can be set to. `ref` uses `$ref`; `other` can be edited only as JSON."""

_NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"}

_OWN: Mapping[str, set[str]] = {
    "string": {
        *("minLength", "maxLength", "pattern", "format"),
        *("contentEncoding", "contentMediaType", "contentSchema"),
    },
    "number": _NUMBERS,
    "integer": _NUMBERS,
    "array": {
        *("items", "prefixItems", "additionalItems", "unevaluatedItems", "contains"),
        *("minItems", "maxItems", "minContains", "maxContains", "uniqueItems"),
    },
    "object": {
        *("properties", "patternProperties", "additionalProperties", "unevaluatedProperties"),
        *("required", "propertyNames", "minProperties", "maxProperties"),
        *("dependentRequired", "dependentSchemas", "dependencies"),
    },
}
_NAMING = ("type", "$ref")
_COMPOSED = {"anyOf", "oneOf", "allOf"}

_FITS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def kind_of(part: Any) -> str:
    """Return one of `KINDS`, or `other` for what the form cannot show.

    That is any schema without `$ref` and without exactly one known type: true, false, `anyOf`, a
    list of types.
    """
    if not isinstance(part, dict):
        return OTHER
    if isinstance(part.get("$ref"), str):
        return REF
    name = part.get("type")
    return name if isinstance(name, str) and name in JSON_TYPES else OTHER


def fits(value: Any, kind: str) -> bool:
    """Return whether a JSON value is of a kind; a kind without a type fits every value."""
    check = _FITS.get(kind)
    return check(value) if check else True


def set_kind(schema: Any, place: Place, kind: str) -> Any:
    """Return the schema with the part at a path changed to another kind.

    Keywords that belong only to the old type are dropped, and so are values that the new type does
    not allow. A new array has string items, a new object no properties, and a new reference points
    to the whole schema.
    """
    if kind not in KINDS:
        raise SchemaEditError(f"That type is unknown; it must be one of {', '.join(KINDS)}.")
    part = part_at(schema, place)
    if kind == kind_of(part):
        return schema
    return with_part(schema, place, _as_kind(part if isinstance(part, dict) else {}, kind))


def _as_kind(part: dict[str, Any], kind: str) -> dict[str, Any]:
    gone = _without_meaning(part, kind)
    if not part.keys() & set(_NAMING):
        part = {"type": None, **part}
    # The keyword that names the kind keeps its position among the keys.
    naming = next(keyword for keyword in part if keyword in _NAMING)
    changed: dict[str, Any] = {}
    for keyword, value in part.items():
        if keyword == naming:
            changed |= {"$ref": "#"} if kind == REF else {"type": kind}
        elif keyword not in gone and _suits(keyword, value, kind):
            changed[keyword] = value
    return _begun(changed, kind)


def _without_meaning(part: dict[str, Any], kind: str) -> set[str]:
    """Return the keywords that belong to the part's old kind but not to its new one."""
    named = part.get("type")
    names = named if isinstance(named, list) else [named]
    # Without a known type, the keywords of all types count.
    known = [name for name in names if isinstance(name, str) and name in JSON_TYPES] or list(
        JSON_TYPES
    )
    old = [_OWN.get(name, set()) for name in known]
    new = _OWN.get(kind, set())
    gone = set().union(*old) - (new if new in old else set())
    return gone.union(_NAMING, _COMPOSED if kind_of(part) == OTHER else ())


def _suits(keyword: str, value: Any, kind: str) -> bool:
    if keyword in ("const", "default"):
        return fits(value, kind)
    if keyword in ("enum", "examples") and isinstance(value, list):
        return all(fits(each, kind) for each in value)
    return True


def _begun(part: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind == "array":
        part.setdefault("items", {"type": "string"})
    elif kind == "object":
        part.setdefault("properties", {})
    return part
