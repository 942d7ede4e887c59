"""JSON examples, merged into one schema that all of them follow."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from workers_ai.json_values import Place

from ..checks.formats import CHECKED_FORMATS
from ..conversion.import_report import ImportReport
from ..conversion.type_inference import json_type

_SURE = {
    "date": re.compile(r"\d"),
    "date-time": re.compile(r"\d"),
    "uuid": re.compile(r"[0-9a-fA-F]"),
    "email": re.compile(r"[^@\[\]]+@[^@\[\]]+\.[^@\[\]]+$"),
    "uri": re.compile(r"(?:https?|ftp)://\w"),
}
"""How a string must also begin: `a:b` is a valid URI too, but hardly meant as one."""


def sure_format(texts: Iterable[str]) -> str:
    """Return the format that all strings have, or ""."""
    fitting = list(_SURE)
    for text in texts:
        fitting = [name for name in fitting if _has(text, name)]
        if not fitting:
            return ""
    return fitting[0]


def _has(text: str, name: str) -> bool:
    has_format, _ = CHECKED_FORMATS[name]
    return _SURE[name].match(text) is not None and has_format(text)


DEEPEST_EXAMPLE = 30
"""Levels of lists and objects that are described; anything is accepted deeper down."""

FEWEST_TEXTS = 5
MOST_CHOICES = 4
LONGEST_CHOICE = 40
"""Characters. `FEWEST_TEXTS` or more strings with few, short distinct values can be an enum."""

Schema = dict[str, Any]


def schema_of_examples(
    values: Sequence[Any], findings: ImportReport, *, guess_enums: bool = False
) -> Schema:
    """Return a schema that every value follows; guesses are reported."""
    return _Examples(findings, guess_enums=guess_enums).schema(values, ())


class _Examples:
    def __init__(self, findings: ImportReport, *, guess_enums: bool) -> None:
        self._findings = findings
        self._guess_enums = guess_enums

    def schema(self, values: Sequence[Any], place: Place, depth: int = 0) -> Schema:
        if depth > DEEPEST_EXAMPLE:
            self._findings.add(place, "it is nested too deeply; anything is accepted here")
            return {}
        by_kind = _by_kind(values)
        is_nullable = bool(by_kind.pop("null", None))
        parts = [self._one_kind(kind, each, place, depth) for kind, each in by_kind.items()]
        if not parts:
            self._findings.add(place, "it was null in every example; only null is accepted here")
            return {"type": "null"}
        if len(parts) > 1:
            self._findings.add(place, f"it had several types: {', '.join(by_kind)}")
            return {"anyOf": [*parts, *([{"type": "null"}] if is_nullable else [])]}
        return nullable(parts[0]) if is_nullable else parts[0]

    def _one_kind(self, kind: str, values: list[Any], place: Place, depth: int) -> Schema:
        if kind == "object":
            return self._object(values, place, depth)
        if kind == "array":
            return self._array(values, place, depth)
        return self._text(values, place) if kind == "string" else {"type": kind}

    def _object(self, values: list[dict[str, Any]], place: Place, depth: int) -> Schema:
        found: dict[str, list[Any]] = {}
        for value in values:
            for name, part in value.items():
                found.setdefault(name, []).append(part)
        if not found:
            self._findings.add(place, "the object was empty; no property is accepted here")
        required = [name for name, parts in found.items() if len(parts) == len(values)]
        return {
            "type": "object",
            "properties": {
                name: self.schema(parts, (*place, name), depth + 1) for name, parts in found.items()
            },
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }

    def _array(self, values: list[list[Any]], place: Place, depth: int) -> Schema:
        items = [item for value in values for item in value]
        if not items:
            self._findings.add(place, "the list was empty; any items are accepted here")
            return {"type": "array"}
        return {"type": "array", "items": self.schema(items, (*place, "items"), depth + 1)}

    def _text(self, texts: list[str], place: Place) -> Schema:
        if name := sure_format(texts):
            self._findings.add(place, f"the format {name} was guessed from the values")
            return {"type": "string", "format": name}
        if self._guess_enums and _is_choice(texts):
            choices = list(dict.fromkeys(texts))
            sentence = f"an enum of {len(choices)} was guessed from the values"
            self._findings.add(place, sentence)
            return {"type": "string", "enum": choices}
        return {"type": "string"}


def nullable(schema: Schema) -> Schema:
    """Return a schema of one type that also accepts null."""
    own = {**schema, "type": [schema["type"], "null"]}
    return {**own, "enum": [*own["enum"], None]} if "enum" in own else own


def _by_kind(values: Sequence[Any]) -> dict[str, list[Any]]:
    kinds = list(map(json_type, values))
    if "number" in kinds:
        kinds = ["number" if kind == "integer" else kind for kind in kinds]
    found: dict[str, list[Any]] = {}
    for kind, value in zip(kinds, values, strict=True):
        found.setdefault(kind, []).append(value)
    return found


def _is_choice(texts: list[str]) -> bool:
    choices = set(texts)
    is_short = all(0 < len(text) <= LONGEST_CHOICE for text in choices)
    return len(texts) >= FEWEST_TEXTS and len(choices) <= MOST_CHOICES and is_short
