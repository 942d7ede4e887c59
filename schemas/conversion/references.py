"""Replacement of local references in JSON by their targets. Nothing is ever fetched."""

from typing import Any
from urllib.parse import unquote

from workers_ai.json_values import Place

from .import_report import ImportReport, quoted
from .subschemas import with_subschemas

MOST_VALUES = 100_000
"""Schemas of one document; a shared target counts once per reference."""

DEEPEST_SCHEMA = 40
LONGEST_CHAIN = 20
"""References nested within the targets of references."""

_WRITTEN_OUT = {"$defs", "definitions", "$schema", "$id", "$comment"}
_USED_UP = (
    f"with references replaced it has more than {MOST_VALUES:,} schemas; the rest was left out"
)
_LEFT_OUT = "what it refers to was left out"


class References:
    """The references of one document."""

    def __init__(self, document: Any, findings: ImportReport) -> None:
        self._document = document
        self._findings = findings
        self._left = MOST_VALUES

    @property
    def is_used_up(self) -> bool:
        """Whether the budget is used up, so nothing more is replaced; if so, this is reported."""
        return self._left < 0

    def followed(self, value: Any, place: Place) -> dict[str, Any]:
        """Return the object, following references to it; {} if there is none."""
        for _ in range(LONGEST_CHAIN):
            if not isinstance(value, dict):
                return {}
            self._spend()
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._target(reference, place)
        self._findings.add(place, f"its references are circular or nested too deeply; {_LEFT_OUT}")
        return {}

    def inlined(self, schema: Any, place: Place, trail: tuple[str, ...] = ("#",)) -> Any:
        """Return a schema without references; loops and excesses are cut off and reported."""
        if not isinstance(schema, dict):
            return schema
        self._spend()
        if self.is_used_up:
            return _outline(schema)
        if len(place) > DEEPEST_SCHEMA:
            self._findings.add(place, "it is nested too deeply; its parts were left out")
            return _outline(schema)
        if isinstance(schema.get("$ref"), str):
            return self._replaced(schema, place, trail)
        own = {key: value for key, value in schema.items() if key not in _WRITTEN_OUT}
        return with_subschemas(own, place, lambda part, at: self.inlined(part, at, trail))

    def _spend(self) -> None:
        self._left -= 1
        if self.is_used_up:
            self._findings.add((), _USED_UP)

    def _replaced(self, schema: dict[str, Any], place: Place, trail: tuple[str, ...]) -> Any:
        reference = schema["$ref"]
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        target = self._target(reference, place)
        if not isinstance(target, dict):
            target = {}
        if reference in trail or len(trail) > LONGEST_CHAIN:
            why = "refers to itself" if reference in trail else "is nested too deeply"
            self._findings.add(place, f"{quoted(reference)} {why}; it was cut off here")
            return _outline({**target, **siblings})
        return self.inlined({**target, **siblings}, place, (*trail, reference))

    def _target(self, reference: str, place: Place) -> Any:
        if not reference.startswith("#"):
            sentence = (
                f"{quoted(reference)} is in another document, which is not fetched; {_LEFT_OUT}"
            )
            self._findings.add(place, sentence)
            return None
        try:
            return _pointed(self._document, reference)
        except (LookupError, ValueError):
            self._findings.add(place, f"{quoted(reference)} is not in the document; {_LEFT_OUT}")
            return None


def _pointed(document: Any, reference: str) -> Any:
    pointer = unquote(reference[1:])
    if pointer and not pointer.startswith("/"):
        raise LookupError(reference)
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            document = document[int(key)]
        else:
            document = (document if isinstance(document, dict) else {})[key]
    return document


def _outline(schema: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: schema[key] for key in ("type", "description") if key in schema}
    return {"type": "object", **kept}
