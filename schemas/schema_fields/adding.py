"""Adds properties, items and definitions to a schema."""

from collections.abc import Container
from itertools import count
from typing import Any

from workers_ai.json_values import Place

from ..checks.value_keywords import written
from .keywords import set_keyword
from .paths import DEFINITIONS, SchemaEditError, object_at, with_part


def add_property(schema: Any, place: Place) -> Any:
    """Return the schema with one more string property in the object at a path."""
    part = object_at(schema, place)
    required = part.get("required")
    taken = [*_members(part, "properties"), *(required if isinstance(required, list) else ())]
    return _with_member(schema, place, "properties", fresh_name("field", taken))


def add_items(schema: Any, place: Place) -> Any:
    """Return the schema with strings as the items of the array at a path."""
    if "items" in object_at(schema, place):
        raise SchemaEditError("This array already defines its items.")
    return set_keyword(schema, place, "items", {"type": "string"})


def add_definition(schema: Any) -> Any:
    """Return the schema with one more string definition that references can point to."""
    part = object_at(schema, ())
    group = next((key for key in DEFINITIONS if key in part), DEFINITIONS[0])
    return _with_member(schema, (), group, fresh_name("definition", _members(part, group)))


def fresh_name(first: str, taken: Container[Any]) -> str:
    """Return an unused name: `field`, `field_2`, `field_3`."""
    names = (first if number == 1 else f"{first}_{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _members(part: dict[str, Any], key: str) -> dict[str, Any]:
    members = part.get(key, {})
    if not isinstance(members, dict):
        raise SchemaEditError(f"{written(key)} is not an object here; correct it as JSON.")
    return members


def _with_member(schema: Any, place: Place, key: str, name: str) -> Any:
    part = object_at(schema, place)
    members = _members(part, key) | {name: {"type": "string", "description": ""}}
    return with_part(schema, place, {**part, key: members})
