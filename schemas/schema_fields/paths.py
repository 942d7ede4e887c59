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


def _has_names(place: Place, at: int) -> bool:
    return place[at] == "properties" or (at == 0 and place[at] in DEFINITIONS)
