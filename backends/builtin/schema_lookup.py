"""Lookups in a JSON Schema for generating an answer."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from schemas import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS, check_schema
from workers_ai.json_values import Place

from .json_position import Path

_MOST_STEPS = 20
_MOST_CHOICES = 20
_CHOICES = ("anyOf", "oneOf", "allOf")


def at_path(schema: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """Return the part of a schema that describes a path in the answer; {} if there is none.

    With `anyOf`, `oneOf` or `allOf`, the first subschema that describes the path is used.
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
        part = pointed(root, target)
    return {}


def parts(schema: Any) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield each subschema that is an object with its path, outer ones first."""
    stack: list[tuple[Place, Any]] = [((), schema)]
    while stack:
        place, part = stack.pop()
        if isinstance(part, Mapping):
            yield place, part
            stack += reversed([pair for keyword in part for pair in _within(place, keyword, part)])


def _within(place: Place, keyword: str, part: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    value = part[keyword]
    if keyword in SINGLE_SCHEMAS:
        yield (*place, keyword), value
    elif keyword in SCHEMA_LISTS and isinstance(value, list):
        yield from (((*place, keyword, at), each) for at, each in enumerate(value))
    elif keyword in SCHEMA_MAPS and isinstance(value, Mapping):
        yield from (((*place, keyword, name), each) for name, each in value.items())


def targets(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the targets of the references in a schema, including references in targets."""
    anchors = {str(part["$anchor"]): part for _, part in parts(schema) if "$anchor" in part}
    found: dict[str, Any] = {}
    seen: set[int] = set()
    waiting: list[Any] = [schema]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        references = (inner.get("$ref") for _, inner in parts(part))
        for reference in references:
            if isinstance(reference, str) and reference not in found:
                found[reference] = anchors.get(reference[1:]) or pointed(schema, reference)
                waiting.append(found[reference])
    return found


def reach(schema: Mapping[str, Any]) -> int:
    """Return the depth of a schema in steps, with every reference followed once."""
    begun = {id(part): part for part in (schema, *targets(schema).values())}
    return sum(max((len(place) for place, _ in parts(part)), default=0) for part in begun.values())


def patterns(schema: Mapping[str, Any], path: Path, *, of_keys: bool = False) -> list[str]:
    """Return the patterns that a string, or the keys of an object, may have to match."""
    found: list[str] = []
    waiting: list[Any] = [at_path(schema, path)]
    for _ in range(_MOST_CHOICES):
        if not waiting:
            break
        part = resolved(waiting.pop(0), schema)
        said = part.get("patternProperties" if of_keys else "pattern", ())
        found += [said] if isinstance(said, str) else said
        waiting += [each for keyword in _CHOICES for each in part.get(keyword) or ()]
    return found


def kind(part: Mapping[str, Any]) -> str:
    """Return the first type of a value that is not null; "" if the schema does not specify one."""
    types = part.get("type", "")
    if isinstance(types, str):
        return types
    return next((t for t in types if t != "null"), "") if isinstance(types, list) else ""


def leaves(name: str, part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the scalars in a property, each with the nearest name; itself, if it is a scalar.

    Invalid subschemas are skipped: requests are only validated down to the property.
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
    for keyword in _CHOICES:
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


def pointed(root: Mapping[str, Any], target: str) -> Any:
    """Return the target of a local reference; None if it cannot be resolved."""
    if target[1:] and not target.startswith("#/"):
        return _anchored(root, target.removeprefix("#")) if target.startswith("#") else None
    part: Any = root
    for name in target.removeprefix("#").split("/")[1:]:
        key = unquote(name).replace("~1", "/").replace("~0", "~")
        if isinstance(part, list):
            part = part[int(key)] if key.isdecimal() and int(key) < len(part) else None
        else:
            part = part.get(key) if isinstance(part, Mapping) else None
    return part if target.startswith("#") else None


def _anchored(root: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    return next((part for _, part in parts(root) if part.get("$anchor") == name), None)
