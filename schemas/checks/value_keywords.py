"""Checks of keywords about a whole value.

The library's own functions print the whole value, search with `re` and divide floats; these do
none of that.
"""

import json
from collections.abc import Callable, Iterator, Sized
from fractions import Fraction
from typing import Any

from jsonschema.exceptions import ValidationError

from workers_ai.json_values import identity, is_number, shown

from .formats import CHECKED_FORMATS
from .patterns import occurs

Errors = Iterator[ValidationError]
Keyword = Callable[[Any, Any, Any, Any], Errors]

_MOST_CHOICES = 12
_LONGEST_CHOICE = 60

JSON_TYPES = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a string",
    "array": "a list",
    "object": "an object",
}


def joined_alternatives(words: list[str]) -> str:
    """Join alternatives: `a, b or c`."""
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def choices(values: list[Any]) -> str:
    """Return the first dozen accepted values as text."""
    names = [short_json(value) for value in values[:_MOST_CHOICES]]
    more = len(values) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def short_json(value: Any) -> str:
    """Return a value as one short line."""
    if isinstance(value, dict | list) and value:
        return shown(value)
    text = json.dumps(value, ensure_ascii=False)
    short = text if len(text) <= _LONGEST_CHOICE else f"{text[:_LONGEST_CHOICE]}…"
    return short.encode(errors="replace").decode()


def _types(validator: Any, wanted: Any, value: Any, _schema: Any) -> Errors:
    names = [wanted] if isinstance(wanted, str) else wanted
    if not any(validator.is_type(value, name) for name in names):
        accepted = joined_alternatives([JSON_TYPES[name] for name in names])
        yield ValidationError(f"{shown(value)} is not accepted; it must be {accepted}")


def _enum(_validator: Any, accepted: Any, value: Any, _schema: Any) -> Errors:
    if not accepted:
        yield ValidationError("the schema's list of accepted values is empty")
    elif identity(value) not in set(map(identity, accepted)):
        start = "it must be one of" if len(accepted) > 1 else "it must be"
        yield ValidationError(f"{start} {choices(accepted)}; {shown(value)} is not accepted")


def _const(_validator: Any, accepted: Any, value: Any, _schema: Any) -> Errors:
    if identity(value) != identity(accepted):
        yield ValidationError(f"it must be {choices([accepted])}; {shown(value)} is not accepted")


def _bound(relation: str, holds: Callable[[Any, Any], bool]) -> Keyword:
    def check(_validator: Any, bound: Any, value: Any, _schema: Any) -> Errors:
        if is_number(value) and not holds(value, bound):
            yield ValidationError(f"it must be {relation} {shown(bound)}; it is {shown(value)}")

    return check


def _count(
    kind: type[Sized], noun: str, start: str, holds: Callable[[int, float], bool]
) -> Keyword:
    def check(_validator: Any, bound: Any, value: Any, _schema: Any) -> Errors:
        if isinstance(value, kind) and not holds(len(value), bound):
            count = f"{start} {_several(bound, noun)}"
            yield ValidationError(f"{count}; there {_is(len(value))} {len(value) or 'none'}")

    return check


def _several(count: float, noun: str) -> str:
    plural = "properties" if noun == "property" else f"{noun}s"
    return f"{shown(count)} {noun if count == 1 else plural}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _multiple_of(_validator: Any, step: Any, value: Any, _schema: Any) -> Errors:
    if is_number(value) and not _is_multiple(value, step):
        yield ValidationError(f"it must be a multiple of {shown(step)}; it is {shown(value)}")


def _is_multiple(value: float, step: float) -> bool:
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    # By the decimal digits: 0.3 is a multiple of 0.1, though not in binary.
    return (Fraction(str(value)) / Fraction(str(step))).denominator == 1


def _pattern(_validator: Any, pattern: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, str) and not occurs(pattern, value):
        yield ValidationError(f"{shown(value)} does not match the pattern {short_json(pattern)}")


def _format(_validator: Any, name: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, str) and name in CHECKED_FORMATS:
        is_one, description = CHECKED_FORMATS[name]
        if not is_one(value):
            yield ValidationError(f"{shown(value)} is not {description}")


def _at_least(value: Any, bound: Any) -> bool:
    return bool(value >= bound)


def _at_most(value: Any, bound: Any) -> bool:
    return bool(value <= bound)


VALUE_KEYWORDS: dict[str, Keyword] = {
    "type": _types,
    "enum": _enum,
    "const": _const,
    "minimum": _bound("at least", _at_least),
    "maximum": _bound("at most", _at_most),
    "exclusiveMinimum": _bound("more than", lambda value, bound: bool(value > bound)),
    "exclusiveMaximum": _bound("less than", lambda value, bound: bool(value < bound)),
    "multipleOf": _multiple_of,
    "minLength": _count(str, "character", "at least", _at_least),
    "maxLength": _count(str, "character", "at most", _at_most),
    "minItems": _count(list, "item", "at least", _at_least),
    "maxItems": _count(list, "item", "at most", _at_most),
    "minProperties": _count(dict, "property", "at least", _at_least),
    "maxProperties": _count(dict, "property", "at most", _at_most),
    "pattern": _pattern,
    "format": _format,
}
