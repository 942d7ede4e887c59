"""References to definitions: reading them, and updating them after a rename."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

from workers_ai.json_values import Place, with_part

from ..checks.keyword_shapes import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS
from .fields import definitions, shown_name

WHOLE = "#"
"""The reference to the whole schema."""

_LISTS = SCHEMA_LISTS | {"items"}


def reference_to(place: Place) -> str:
    """Return the reference to a definition, such as `#/$defs/address`."""
    return "/".join([WHOLE, *map(_escaped, map(str, place))])


def reference_targets(schema: Any) -> dict[str, str]:
    """Return all possible references, each with the name of its target."""
    named = {reference_to(place): shown_name(str(place[-1])) for place in definitions(schema)}
    return {WHOLE: "the whole schema"} | named


def with_renamed_references(schema: Any, place: Place, name: str) -> Any:
    """Return the schema with references to a definition, or into it, updated to its new name."""
    for reference_place, reference in list(_references(schema)):
        steps = reference.split("/")
        if [*map(_read, steps[1:3])] == list(place) and steps[0] == WHOLE:
            updated = "/".join([*steps[:2], _escaped(name), *steps[3:]])
            schema = with_part(schema, reference_place, updated)
    return schema


def _references(schema: Any) -> Iterator[tuple[Place, str]]:
    """Yield the references that resolve against the whole schema, each with its path."""
    # A stack, not recursion: schemas may be nested deeper than Python can call.
    stack: list[tuple[Place, Any]] = [((), schema)]
    while stack:
        place, part = stack.pop()
        # References in a part with its own $id resolve against that part.
        if not isinstance(part, dict) or (place and "$id" in part):
            continue
        if isinstance(part.get("$ref"), str):
            yield (*place, "$ref"), part["$ref"]
        stack += [((*place, *steps), inner) for steps, inner in _inner(part)]


def _inner(part: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    for keyword, value in part.items():
        if keyword in SCHEMA_MAPS and isinstance(value, dict):
            yield from (((keyword, name), inner) for name, inner in value.items())
        elif keyword in _LISTS and isinstance(value, list):
            yield from (((keyword, at), inner) for at, inner in enumerate(value))
        elif keyword in SINGLE_SCHEMAS:
            yield (keyword,), value


def _escaped(name: str) -> str:
    pointer = name.replace("~", "~0").replace("/", "~1")
    return quote(pointer, safe="~$!&'()*+,;=:@", errors="replace")


def _read(step: str) -> str:
    return unquote(step).replace("~1", "/").replace("~0", "~")
