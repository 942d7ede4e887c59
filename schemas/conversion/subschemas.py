"""The subschemas of a JSON Schema, without values that merely resemble one."""

from collections.abc import Callable
from typing import Any

from workers_ai.json_values import Place

_NAMED = {"properties", "patternProperties", "dependentSchemas"}
_LISTED = {"allOf", "anyOf", "oneOf", "prefixItems", "items"}
_SINGLE = {
    "items",
    "additionalItems",
    "additionalProperties",
    "contains",
    "else",
    "if",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
}

Change = Callable[[Any, Place], Any]


def with_subschemas(schema: dict[str, Any], place: Place, change: Change) -> dict[str, Any]:
    """Return a copy in which every direct subschema is replaced by what `change` returns.

    Paths name properties directly: `parameters.unit`, not `parameters.properties.unit`.
    """
    return {key: _changed(key, value, place, change) for key, value in schema.items()}


def _changed(key: str, value: Any, place: Place, change: Change) -> Any:
    if key in _NAMED and isinstance(value, dict):
        return {name: change(part, (*place, name)) for name, part in value.items()}
    if key in _LISTED and isinstance(value, list):
        return [change(part, (*place, key, at)) for at, part in enumerate(value)]
    if key in _SINGLE and isinstance(value, dict):
        return change(value, (*place, key))
    return value
