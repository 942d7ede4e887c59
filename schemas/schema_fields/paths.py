"""Paths to the parts of a schema that the form shows, and replacing the part at a path."""

from typing import Any, Literal

from workers_ai import WorkersAIError
from workers_ai.json_values import Place, path

Role = Literal["whole", "property", "items", "definition"]

DEFINITIONS = ("$defs", "definitions")
"""Where a whole schema can keep named schemas; the second is the older keyword."""


class SchemaEditError(WorkersAIError):
    """An edit is impossible; the message says why, and the schema stays as it was."""


def role_of(place: Place) -> Role:
    """Return the role of the part at a path in the schema around it."""
    # From the left: a property may itself be called "items" or "properties".
    role: Role = "whole"
    at = 0
    while at < len(place):
        if place[at] == "items":
            role, at = "items", at + 1
        elif at + 1 < len(place) and _has_names(place, at):
            role, at = "property" if place[at] == "properties" else "definition", at + 2
        else:
            raise SchemaEditError(f"{path(place)} is not a part that the form shows.")
    return role


def part_at(schema: Any, place: Place) -> Any:
    """Return the part at a path, or raise SchemaEditError if nothing is there."""
    part = schema
    for key in place:
        if not isinstance(part, dict) or key not in part:
            raise SchemaEditError(f"{path(place)} is no longer in the schema.")
        part = part[key]
    return part


def object_at(schema: Any, place: Place) -> dict[str, Any]:
    """Return the part at a path, which must be an object, or raise SchemaEditError."""
    part = part_at(schema, place)
    if not isinstance(part, dict):
        where = path(place) or "The schema"
        raise SchemaEditError(f"{where} is not an object of keywords; edit it as JSON.")
    return part


def with_part(schema: Any, place: Place, part: Any) -> Any:
    """Return the schema with the part at a path replaced. The rest is shared with the old one."""
    around = []
    for key in place:
        around.append((schema, key))
        schema = schema[key]
    for outer, key in reversed(around):
        part = _with_member(outer, key, part)
    return part


def _has_names(place: Place, at: int) -> bool:
    return place[at] == "properties" or (at == 0 and place[at] in DEFINITIONS)


def _with_member(outer: Any, key: int | str, part: Any) -> Any:
    if isinstance(outer, dict):
        return {**outer, key: part}
    return [part if at == key else each for at, each in enumerate(outer)]
