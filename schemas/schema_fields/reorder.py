"""Changes to properties and definitions: rename, move, duplicate, remove."""

from collections.abc import Iterator
from typing import Any

from workers_ai.json_values import Place, with_part

from ..checks.value_keywords import short_json
from .operations import fresh_name, unset_keyword, with_required
from .paths import SchemaEditError, object_at, part_at, role_of
from .references import with_renamed_references


def rename(schema: Any, place: Place, name: str) -> Any:
    """Return the schema with a property or definition renamed.

    It keeps its position. The object still requires its property, and references still point to
    their definition.
    """
    old = _name(place)
    part_at(schema, place)
    if name == old:
        return schema
    siblings = object_at(schema, place[:-1])
    if not name:
        raise SchemaEditError("Enter a name.")
    if name in siblings:
        raise SchemaEditError(f"{short_json(name)} already exists here; choose another name.")
    named = {name if each == old else each: part for each, part in siblings.items()}
    changed = with_part(schema, place[:-1], named)
    if role_of(place) == "definition":
        return with_renamed_references(changed, place, name)
    return with_required(changed, place[:-2], lambda names: _renamed(names, old, name))


def move(schema: Any, place: Place, by: int) -> Any:
    """Return the schema with a part moved down by that many siblings, or up if `by` is negative."""
    name = _name(place)
    part_at(schema, place)
    siblings = object_at(schema, place[:-1])
    others = [each for each in siblings if each != name]
    at = max(0, list(siblings).index(name) + by)
    order = [*others[:at], name, *others[at:]]
    return with_part(schema, place[:-1], {each: siblings[each] for each in order})


def duplicate(schema: Any, place: Place) -> Any:
    """Return the schema with a copy of a part right after it, required if the original is."""
    name = _name(place)
    part_at(schema, place)
    siblings = object_at(schema, place[:-1])
    copy = fresh_name(f"{name}_2", {*siblings, *_required_names(schema, place)})
    doubled = dict(_doubled(siblings, name, copy))
    changed = with_part(schema, place[:-1], doubled)
    if role_of(place) == "definition":
        return changed
    return with_required(changed, place[:-2], lambda names: _followed(names, name, copy))


def remove(schema: Any, place: Place) -> Any:
    """Return the schema without a property, an array's items, or a definition.

    A removed property is no longer required. References to a removed definition stay and point to
    nothing.
    """
    if role_of(place) == "items":
        return unset_keyword(schema, place[:-1], "items")
    name = _name(place)
    part_at(schema, place)
    changed = unset_keyword(schema, place[:-1], name)
    if role_of(place) == "property":
        return with_required(changed, place[:-2], lambda names: _without(names, name))
    return changed if part_at(changed, place[:-1]) else unset_keyword(changed, (), str(place[0]))


def _name(place: Place) -> str:
    if role_of(place) not in ("property", "definition"):
        raise SchemaEditError("Only properties and definitions have a name and an order.")
    return str(place[-1])


def _required_names(schema: Any, place: Place) -> list[str]:
    if role_of(place) == "definition":
        return []
    names = object_at(schema, place[:-2]).get("required")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _renamed(names: list[Any], old: str, new: str) -> list[Any]:
    if new in names:
        return _without(names, old)
    return [new if name == old else name for name in names]


def _followed(names: list[Any], first: str, second: str) -> list[Any]:
    at = names.index(first) + 1 if first in names else None
    return names if at is None else [*names[:at], second, *names[at:]]


def _without(names: list[Any], removed: str) -> list[Any]:
    return [name for name in names if name != removed]


def _doubled(members: dict[str, Any], name: str, copy: str) -> Iterator[tuple[str, Any]]:
    for each, part in members.items():
        yield each, part
        if each == name:
            yield copy, part
