"""Choice and inference of the one type that the documented shape allows."""

from typing import Any

from workers_ai.json_values import is_integer, is_number

from .import_report import ONE_TYPE

_SIGNS = {
    "object": ("properties", "additionalProperties", "patternProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems"),
    "string": ("format", "pattern", "minLength", "maxLength"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


def chosen_type(kinds: list[Any]) -> tuple[str, str]:
    """Return the type kept out of several, and the sentence that reports the others."""
    named = list(dict.fromkeys(kind for kind in kinds if isinstance(kind, str)))
    real = [kind for kind in named if kind != "null"]
    chosen = (real or named or [""])[0]
    gone = [kind[:20] for kind in named if kind != chosen][:8]
    if not gone:
        return chosen, f"its type was a list; {ONE_TYPE}"
    return chosen, f"{' and '.join(gone)} {_verb(gone)} left out of its types; {ONE_TYPE}"


def _verb(gone: list[str]) -> str:
    return "was" if len(gone) == 1 else "were"


def inferred_type(schema: dict[str, Any], otherwise: str) -> str:
    """Return the type that the other keywords of a schema imply."""
    values = schema.get("enum")
    values = values if isinstance(values, list) else []
    for value in (*([schema["const"]] if "const" in schema else ()), *values):
        if value is not None:
            return json_type(value)
    if schema.get("default") is not None:
        return json_type(schema["default"])
    found = (kind for kind, signs in _SIGNS.items() if any(sign in schema for sign in signs))
    return next(found, otherwise)


def json_type(value: Any) -> str:
    """Return the JSON Schema type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if is_number(value):
        return "integer" if isinstance(value, int) else "number"
    return "array" if isinstance(value, list) else "object"


def has_type(value: Any, kind: str) -> bool:
    """Return whether a value has the type; an unknown type fits every value."""
    if kind == "integer":
        return is_integer(value)
    if kind == "number":
        return is_number(value)
    known = {"null", "boolean", "string", "array", "object"}
    return kind not in known or json_type(value) == kind
