"""The input boxes of a field: for each keyword, text that can be read back."""

import json
from collections.abc import Mapping
from typing import Any

from workers_ai.json_text import JSONTextError, read_json
from workers_ai.json_values import Place, shown

from ..checks.keyword_shapes import shape_problem
from ..checks.value_keywords import JSON_TYPES
from .field_kinds import OTHER, REF, fits, kind_of
from .operations import set_keyword, unset_keyword
from .paths import DEFINITIONS, SchemaEditError, object_at

TEXTS = ("description", "title", "pattern", "format", "$ref")
"""Keywords whose value is a string, shown in its box as is."""

_VALUES = ("const", "default")
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")

DETAILS: Mapping[str, tuple[str, ...]] = {
    "string": ("enum", *_VALUES, "minLength", "maxLength", "pattern", "format", "title"),
    "number": ("enum", *_VALUES, *_LIMITS, "title"),
    "integer": ("enum", *_VALUES, *_LIMITS, "title"),
    "boolean": (*_VALUES, "title"),
    "array": ("minItems", "maxItems", "uniqueItems", *_VALUES, "title"),
    "object": ("additionalProperties", *_VALUES, "title"),
    "null": ("title",),
    REF: ("default", "title"),
    OTHER: (),
}
"""By kind: the keywords with a box, in addition to type, required and description."""

_FRAME = {
    "object": {"type", "properties", "required"},
    "array": {"type", "items"},
    REF: {"$ref"},
    OTHER: {"type"},
}
_OF_THE_WHOLE = {"$schema", "$id", "$comment", *DEFINITIONS}


def unshown_keywords(part: Any, kind: str, *, whole: bool) -> tuple[str, ...]:
    """Return the keywords of a part that have no box."""
    if not isinstance(part, dict):
        return ()
    boxes = {"description", *_FRAME.get(kind, {"type"}), *DETAILS[kind]}
    known = boxes | _OF_THE_WHOLE if whole else boxes
    return tuple(keyword for keyword in part if keyword not in known)


def text_of(part: Any, keyword: str) -> str:
    """Return the text in a keyword's box; "" if the part lacks the keyword.

    In a string schema, strings are plain text; all else is JSON. `enum` has one value per line.
    """
    if not isinstance(part, dict) or keyword not in part:
        return ""
    value = part[keyword]
    if keyword in TEXTS and isinstance(value, str):
        return value.encode(errors="replace").decode()
    if keyword == "enum" and isinstance(value, list):
        return "\n".join(_written(each, kind_of(part)) for each in value)
    return _written(value, kind_of(part))


def with_text(schema: Any, place: Place, keyword: str, text: str) -> Any:
    """Return the schema with a keyword set from its box, or raise SchemaEditError with the reason.

    An empty box removes the keyword. An unchanged box changes nothing.
    """
    part = object_at(schema, place)
    if text == text_of(part, keyword):
        return schema
    if not text.strip():
        return unset_keyword(schema, place, keyword)
    value = _read(part, keyword, text)
    if problem := shape_problem(keyword, value):
        raise SchemaEditError(f"{problem[0].upper()}{problem[1:]}.")
    return set_keyword(schema, place, keyword, value)


def _read(part: dict[str, Any], keyword: str, text: str) -> Any:
    if keyword in TEXTS:
        return text
    if keyword == "enum":
        return _values(part, text)
    if keyword in _VALUES:
        return _value(text.strip(), kind_of(part))
    return _json_or_text(text.strip())


def _values(part: dict[str, Any], text: str) -> list[Any]:
    old = part.get("enum")
    kept: dict[str, list[Any]] = {}
    for each in old if isinstance(old, list) else []:
        kept.setdefault(_written(each, kind_of(part)), []).append(each)
    values = []
    for number, line in enumerate(text.split("\n"), 1):
        entry = line.strip()
        # An unchanged line keeps its exact value: 1.0, not 1.
        if kept.get(entry):
            values.append(kept[entry].pop(0))
        elif entry:
            values.append(_line(entry, kind_of(part), number))
    return values


def _line(text: str, kind: str, number: int) -> Any:
    try:
        return _value(text, kind)
    except SchemaEditError as error:
        raise SchemaEditError(f"Line {number}: {error.message}") from error


def _value(text: str, kind: str) -> Any:
    if kind == "string" and not text.startswith('"'):
        return text
    value = _json_or_text(text) if kind in _SCALARS else _json(text)
    if not fits(value, kind):
        sentence = f"{shown(value)} is not accepted; it must be {JSON_TYPES[kind]}."
        raise SchemaEditError(f"{sentence[0].upper()}{sentence[1:]}")
    return value


_SCALARS = ("number", "integer", "boolean", "null")


def _json_or_text(text: str) -> Any:
    """Return the JSON value, or the text itself if it is not JSON (a later check refuses it)."""
    try:
        return read_json(text)
    except JSONTextError:
        return text


def _json(text: str) -> Any:
    try:
        return read_json(text)
    except JSONTextError as error:
        raise SchemaEditError(error.message) from error


def _written(value: Any, kind: str) -> str:
    if kind == "string" and isinstance(value, str) and _is_plain(value):
        return value
    text = json.dumps(value, ensure_ascii=False)
    # A lone surrogate cannot be shown; its escape can.
    return text if _can_be_shown(text) else json.dumps(value)


def _is_plain(text: str) -> bool:
    """Return whether a string fits on one line as is and reads back unchanged."""
    return text == text.strip() != "" and not text.startswith('"') and text.isprintable()


def _can_be_shown(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)
