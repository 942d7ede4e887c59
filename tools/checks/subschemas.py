"""Checks of every schema within the parameters: its type, its values, its required names."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS, has_type
from workers_ai.json_values import Place, shown

from .fixes import Edit, Faults, with_key, without_key
from .required import check_required
from .type_names import ConversionError, converted, json_schema_type, known_kind

_OF_THE_SAME_VALUE = {
    *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"),
}
_DEFINITIONS = {"$defs", "definitions"}


class Subschema(NamedTuple):
    """A schema within the parameters."""

    place: Place
    schema: dict[str, Any]
    is_whole: bool
    """Whether it alone describes its value: neither a branch nor a shared definition."""


def check_subschemas(schema: dict[str, Any], place: Place, faults: Faults) -> None:
    """Report faults in the parameters and in every schema within."""
    for part in _subschemas(schema, place):
        if part.place != place:
            _check_word(part, faults)
        _check_enum(part, faults)
        _check_default(part, faults)
        check_required(part.schema, part.place, faults, is_whole=part.is_whole)


def _subschemas(schema: dict[str, Any], place: Place) -> Iterator[Subschema]:
    stack = [Subschema(place, schema, is_whole=True)]
    while stack:
        here = stack.pop()
        yield here
        inner = []
        for keyword, value in here.schema.items():
            is_whole = here.is_whole and keyword not in _OF_THE_SAME_VALUE | _DEFINITIONS
            inner += [
                Subschema((*here.place, keyword, *steps), part, is_whole=is_whole)
                for steps, part in _parts(keyword, value)
                if isinstance(part, dict)
            ]
        stack += reversed(inner)


def _parts(keyword: str, value: Any) -> list[tuple[Place, Any]]:
    if keyword in SINGLE_SCHEMAS:
        return [((), value)]
    if keyword in SCHEMA_LISTS and isinstance(value, list):
        return [((at,), part) for at, part in enumerate(value)]
    if keyword in SCHEMA_MAPS and isinstance(value, dict):
        return [((name,), part) for name, part in value.items()]
    return []


def _check_word(part: Subschema, faults: Faults) -> None:
    word = part.schema.get("type")
    if not isinstance(word, str) or known_kind(word):
        return
    kind = json_schema_type(word)
    if kind:
        mend = with_key(part.place, "type", kind, f"Set type to {kind}")
        sentence = f"{shown(word)} is not a JSON Schema type; use {kind}"
        faults.add((*part.place, "type"), sentence, mend)


def _kinds(schema: dict[str, Any]) -> list[str]:
    """Return the types that a schema names, if all are known."""
    kind = schema.get("type")
    kinds = [known_kind(each) for each in (kind if isinstance(kind, list) else [kind])]
    return kinds if all(kinds) else []


def _fits(value: Any, kinds: list[str]) -> bool:
    return not kinds or any(has_type(value, kind) for kind in kinds)


def _check_enum(part: Subschema, faults: Faults) -> None:
    place, values, kinds = part.place, part.schema.get("enum"), _kinds(part.schema)
    if not isinstance(values, list):
        return
    if not values:
        mend = without_key(place, "enum", "Remove enum")
        faults.add((*place, "enum"), "the list is empty, so no value is valid", mend)
        return
    foreign = [value for value in values if not _fits(value, kinds)]
    if foreign:
        sentence = f"{shown(foreign[0])} is not of type {' or '.join(kinds)}"
        faults.add((*place, "enum"), sentence, _enum_mend(place, values, kinds))


def _enum_mend(place: Place, values: list[Any], kinds: list[str]) -> Edit | None:
    if len(kinds) != 1:
        return None
    kept = [value for value in values if value is not None or kinds == ["null"]]
    if kept and all(_fits(value, kinds) for value in kept):
        return with_key(place, "enum", kept, "Remove null from enum")
    try:
        written = [converted(value, kinds[0]) for value in kept]
    except ConversionError:
        return None
    return with_key(place, "enum", written, f"Convert them to {kinds[0]}") if written else None


def _check_default(part: Subschema, faults: Faults) -> None:
    place, schema, kinds = part.place, part.schema, _kinds(part.schema)
    if "default" not in schema or _fits(schema["default"], kinds):
        return
    sentence = f"{shown(schema['default'])} is not of type {' or '.join(kinds)}"
    faults.add((*place, "default"), sentence, _default_mend(place, schema["default"], kinds))


def _default_mend(place: Place, value: Any, kinds: list[str]) -> Edit | None:
    if value is None:
        return without_key(place, "default", "Remove default")
    try:
        written = converted(value, kinds[0])
    except ConversionError:
        return None
    return with_key(place, "default", written, f"Convert it to {kinds[0]}")
