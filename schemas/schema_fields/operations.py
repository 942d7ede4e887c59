"""Operations on a schema: keywords, requirements, and new properties, items or definitions."""

from collections.abc import Callable, Container
from itertools import count
from typing import Any

from workers_ai.json_values import Place, plain, with_part

from ..checks.value_keywords import short_json
from .paths import DEFINITIONS, SchemaEditError, object_at, role_of


def set_keyword(schema: Any, place: Place, keyword: str, value: Any) -> Any:
    """Return the schema with a keyword set; a new one comes last, others keep their position."""
    part = object_at(schema, place)
    return with_part(schema, place, {**part, keyword: plain(value)})


def unset_keyword(schema: Any, place: Place, keyword: str) -> Any:
    """Return the schema without a keyword; the same object if it was not there."""
    part = object_at(schema, place)
    if keyword not in part:
        return schema
    kept = {name: value for name, value in part.items() if name != keyword}
    return with_part(schema, place, kept)


def set_required(schema: Any, place: Place, *, required: bool) -> Any:
    """Return the schema with a property required or not. Other names in the list stay."""
    if role_of(place) != "property":
        raise SchemaEditError("Only a property can be required.")
    owner, name = place[:-2], place[-1]
    found = object_at(schema, owner).get("required")
    names = found if isinstance(found, list) else []
    if required == (name in names):
        return schema
    if required:
        return set_keyword(schema, owner, "required", [*names, name])
    return with_required(schema, owner, lambda names: [each for each in names if each != name])


def with_required(schema: Any, owner: Place, change: Callable[[list[Any]], list[Any]]) -> Any:
    """Return the schema with an object's `required` list changed; a non-list is left alone.

    A list that becomes empty is removed.
    """
    names = object_at(schema, owner).get("required")
    if not isinstance(names, list):
        return schema
    changed = change(names)
    if changed == names:
        return schema
    if not changed:
        return unset_keyword(schema, owner, "required")
    return set_keyword(schema, owner, "required", changed)


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
        raise SchemaEditError(f"{short_json(key)} is not an object here; correct it as JSON.")
    return members


def _with_member(schema: Any, place: Place, key: str, name: str) -> Any:
    part = object_at(schema, place)
    members = _members(part, key) | {name: {"type": "string", "description": ""}}
    return with_part(schema, place, {**part, key: members})
