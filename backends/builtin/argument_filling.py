"""The arguments of a tool that can be filled from the conversation, nested ones included."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from schemas import check_answer, check_schema

from .conversation_values import Facts
from .json_position import Path
from .schema_lookup import kind

_DEEPEST = 5


def fillable_schema(path: Path, part: Mapping[str, Any], facts: Facts) -> Mapping[str, Any] | None:
    """Return the schema of the value found in the conversation, or None if that is not enough.

    An object keeps only the properties with a value, a list as many items as there are values;
    these values are fixed in `facts`.
    """
    wanted = kind(part)
    if wanted in ("object", "array"):
        if len(path) > _DEEPEST or check_schema(part):
            return None
        return (_object if wanted == "object" else _list)(path, part, facts)
    return part if facts.suggest(path, part) is not None else None


def object_of(schema: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of an object with just these properties, all of them required."""
    return {
        **schema,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def listed_together(values: Sequence[str], text: str) -> list[str]:
    """Return the values that are listed together, such as "Paris" and "London"."""
    return [value for value in values if _is_listed(value, values, text)]


def _object(path: Path, part: Mapping[str, Any], facts: Facts) -> Mapping[str, Any] | None:
    properties = part.get("properties")
    own = properties if isinstance(properties, Mapping) else {}
    found = {
        name: fillable_schema((*path, name), inner, facts)
        for name, inner in own.items()
        if isinstance(inner, Mapping)
    }
    said = {name: inner for name, inner in found.items() if inner is not None}
    if not said or any(name not in said for name in part.get("required") or ()):
        return None
    return object_of(part, said)


def _list(path: Path, part: Mapping[str, Any], facts: Facts) -> Mapping[str, Any] | None:
    items, name = part.get("items"), str(path[-1])
    if not isinstance(items, Mapping):
        return None
    values = [value for value in facts.unused(name, items) if _follows(value, items)]
    chosen = listed_together(values, facts.newest) or values[:1]
    chosen = chosen[: int(part.get("maxItems", len(chosen)))]
    if not chosen or len(chosen) < part.get("minItems", 1):
        return None
    for place, value in enumerate(chosen):
        facts.give((*path, place), value)
    return {**part, "minItems": len(chosen), "maxItems": len(chosen)}


def _follows(value: str, part: Mapping[str, Any]) -> bool:
    """Return whether a value is valid: an invalid one would be continued with invented text."""
    return kind(part) != "string" or not check_answer(value, part)


def _is_listed(value: str, values: Sequence[str], text: str) -> bool:
    others = "|".join(re.escape(other) for other in values if other != value)
    joined = r"(?:,|\band|\bor|&)\s*(?:and\s+|or\s+|in\s+)?"
    if not others:
        return False
    here = re.escape(value)
    return (
        re.search(rf"(?:{here}\s*{joined}(?:{others}))|(?:(?:{others})\s*{joined}{here})", text)
        is not None
    )
