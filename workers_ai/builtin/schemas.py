"""Looking things up in a JSON Schema, for the writer of an answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from workers_ai.schema_checks import check_schema

from .cursor import Path

_MOST_STEPS = 20


def at_path(schema: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """Return the part of a schema that describes a place in the answer; {} where it does not say.

    Of alternatives (`anyOf`, `oneOf`, `allOf`) the first one that knows the place counts.
    """
    here: Mapping[str, Any] = resolved(schema, schema)
    for step in path:
        here = resolved(_step(here, step, schema), schema)
    return here


def resolved(part: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow local references."""
    for _ in range(_MOST_STEPS):
        if not isinstance(part, Mapping):
            return {}
        target = part.get("$ref")
        if not isinstance(target, str):
            return part
        part = _pointed(root, target)
    return {}


def kind(part: Mapping[str, Any]) -> str:
    """Return the type of a value, the first one that is not null; "" if the schema does not say."""
    types = part.get("type", "")
    if isinstance(types, str):
        return types
    return next((t for t in types if t != "null"), "") if isinstance(types, list) else ""


def leaves(name: str, part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the scalars that a property holds, each by the nearest name; itself, if it is one.

    What is no schema within it is passed over: requests are only checked down to the property.
    """
    stack: list[tuple[str, Any, int]] = [(name, part, 0)]
    while stack:
        name, part, depth = stack.pop()
        if not isinstance(part, Mapping) or depth > _MOST_STEPS or (depth and check_schema(part)):
            continue
        inner = part.get("properties")
        if kind(part) == "array":
            stack.append((name, part.get("items"), depth + 1))
        elif kind(part) == "object" and isinstance(inner, Mapping):
            stack += [(own, inner[own], depth + 1) for own in reversed(inner)]
        else:
            yield name, part


def _step(here: Mapping[str, Any], step: str | int, root: Mapping[str, Any]) -> Any:
    found = _item(here, step) if isinstance(step, int) else _property(here, step)
    if found is not None:
        return found
    for keyword in ("anyOf", "oneOf", "allOf"):
        for choice in here.get(keyword) or ():
            found = _step_of_choice(resolved(choice, root), step)
            if found is not None:
                return found
    return {}


def _step_of_choice(choice: Mapping[str, Any], step: str | int) -> Any:
    return _item(choice, step) if isinstance(step, int) else _property(choice, step)


def _property(here: Mapping[str, Any], name: str) -> Any:
    properties = here.get("properties")
    return properties.get(name) if isinstance(properties, Mapping) else None


def _item(here: Mapping[str, Any], place: int) -> Any:
    prefix = here.get("prefixItems")
    if isinstance(prefix, list) and place < len(prefix):
        return prefix[place]
    return here.get("items")


def _pointed(root: Mapping[str, Any], target: str) -> Any:
    part: Any = root
    for name in target.removeprefix("#").split("/")[1:]:
        key = name.replace("~1", "/").replace("~0", "~")
        part = part.get(key) if isinstance(part, Mapping) else None
    return part if target.startswith("#") else None
