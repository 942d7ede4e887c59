r"""Schemas in a form that a grammar can represent: sometimes narrower, never wider.

Keywords without effect are dropped. Formats, patterns and bounds are adjusted to what the check of
an answer accepts: the grammar's own would allow February 29 in every year, and a Devanagari digit
for `\d`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from schemas import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS, PatternError, compiled_pattern
from workers_ai.json_values import Place, path

from .infinite_schemas import finite_types
from .number_ranges import BOUNDS, UnrepresentableBoundsError, narrowed_range

FORMATS: Final = frozenset(
    {
        *("date", "time", "date-time", "duration", "email", "uuid", "ipv4", "ipv6"),
        *("hostname", "uri"),
    }
)
"""The formats that the grammar enforces. Others are annotations, as in JSON Schema."""

_A_REAL_DAY = (
    r"^([1-9]\d{3}-(0[13-9]|1[0-2]|02-([01]|2[0-8]))"
    r"|([1-9]\d(0[48]|[2468][048]|[13579][26])|([13579][26]|[2468][048])00)-02-29)"
)
_NARROWER: Mapping[str, Mapping[str, Any]] = {
    "date": {"pattern": _A_REAL_DAY},
    "date-time": {"pattern": _A_REAL_DAY},
    "email": {"pattern": "^[^@]{1,40}@[^@]{1,60}$"},
    "hostname": {"maxLength": 250},
}
_CLASS = re.compile(r"\[(\^?)([^]]*)\]")
_CONTROLS = r"\x00-\x1f"
_LOOKS = (
    "the pattern contains a lookaround or a backreference; the built-in model can follow it once "
    "that is removed"
)


class UnsupportedSchemaError(Exception):
    """A grammar cannot represent a part of the schema; the message names the part and says why."""


def grammar_schema(schema: Mapping[str, Any]) -> Any:
    """Return a copy of a schema for the grammar, or raise UnsupportedSchemaError.

    It is False if every value would have to contain another one of its kind, without end.
    """
    return _Narrower(finite_types(schema)).part(schema, ())


class _Narrower:
    def __init__(self, kinds: Mapping[int, list[str]]) -> None:
        self._kinds = kinds

    def part(self, schema: Any, place: Place) -> Any:
        if not isinstance(schema, dict):
            return schema
        own = {}
        for keyword, value in schema.items():
            if keyword not in BOUNDS and not _is_silent(keyword, schema):
                own[keyword] = self._inner(keyword, value, (*place, keyword))
        if id(schema) in self._kinds:
            own["type"] = self._kinds[id(schema)]
        if own.get("type") == []:
            return False
        if (narrower := _NARROWER.get(own.get("format", ""))) is not None:
            own["allOf"] = [*own.get("allOf", ()), narrower]
        return own | _range(schema, place)

    def _inner(self, keyword: str, value: Any, place: Place) -> Any:
        if keyword == "pattern":
            return _linear(value, place)
        if keyword in SINGLE_SCHEMAS:
            return self.part(value, place)
        if keyword in SCHEMA_LISTS and isinstance(value, list):
            return [self.part(each, (*place, at)) for at, each in enumerate(value)]
        if keyword in SCHEMA_MAPS and isinstance(value, dict):
            inner = {name: self.part(each, (*place, name)) for name, each in value.items()}
            return _by_pattern(inner, place) if keyword == "patternProperties" else inner
        return value


def _range(schema: Mapping[str, Any], place: Place) -> dict[str, Any]:
    try:
        return narrowed_range(schema)
    except UnrepresentableBoundsError as error:
        named = next(name for name in BOUNDS if name in schema)
        raise UnsupportedSchemaError(f"{path((*place, named))}: {error}") from error


def _linear(pattern: Any, place: Place) -> Any:
    """Translate an ECMAScript pattern for a linear-time engine."""
    if not isinstance(pattern, str):
        return pattern
    try:
        _, translation = compiled_pattern(pattern)
    except PatternError as error:
        message = f"{path(place)}: {pattern} is not a regular expression: {error}"
        raise UnsupportedSchemaError(message) from error
    if translation.linear is None:
        raise UnsupportedSchemaError(f"{path(place)}: {_LOOKS}")
    return _CLASS.sub(_without_controls, translation.linear)


def _without_controls(found: re.Match[str]) -> str:
    # A class with all control characters accepts any escape, even those of `"` and `\\`.
    negated, members = found.groups()
    if negated:
        return f"[^{members}{_CONTROLS}]"
    everything = "\x00" in members or r"\x00" in members
    return f"[{members}&&[^{_CONTROLS}]]" if everything else found[0]


def _by_pattern(schemas: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Translate the names; if two become the same, combine their schemas."""
    found: dict[str, Any] = {}
    for name, schema in schemas.items():
        linear = _linear(name, (*place, name))
        found[linear] = {"allOf": [found[linear], schema]} if linear in found else schema
    return found


def _is_silent(keyword: str, schema: Mapping[str, Any]) -> bool:
    """Return whether a keyword does not restrict what is accepted."""
    value = schema[keyword]
    if keyword == "format":
        return value not in FORMATS
    if keyword == "contains":
        return schema.get("minContains") == 0 and "maxContains" not in schema
    if keyword in _WITHOUT:
        return not any(_speaks(other, schema) for other in _WITHOUT[keyword])
    return keyword in _SILENT and value is _SILENT[keyword]


def _speaks(keyword: str, schema: Mapping[str, Any]) -> bool:
    return keyword in schema and not (keyword == "contains" and _is_silent(keyword, schema))


_WITHOUT: Mapping[str, tuple[str, ...]] = {
    "if": ("then", "else"),
    "then": ("if",),
    "else": ("if",),
    "minContains": ("contains",),
    "maxContains": ("contains",),
}
"""Keywords that have no effect unless one of these is present too."""

_SILENT: Mapping[str, bool] = {
    "uniqueItems": False,
    "not": False,
    "unevaluatedItems": True,
    "unevaluatedProperties": True,
    "propertyNames": True,
}
"""Keywords that have no effect with this value."""
