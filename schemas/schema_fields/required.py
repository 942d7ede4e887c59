"""Which properties an object requires."""

from collections.abc import Callable
from typing import Any

from workers_ai.json_values import Place

from .keywords import set_keyword, unset_keyword
from .paths import SchemaEditError, object_at, role_of


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
