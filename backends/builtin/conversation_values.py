"""Values in a conversation for the fields of a schema."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .json_position import Path
from .schema_lookup import kind
from .string_values import name_words, strings
from .text_normalization import term, words

_NUMBER = re.compile(r"(?<![\w.-])-?(?!0\d)\d[\d,]*(?:\.\d+)?(?![\w-]*\d)")


class Facts:
    """The person's messages, newest first, as a source of values for fields.

    A value is used once, so that two fields get two cities. Nothing is invented: without a fitting
    value in the conversation, the result is None.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [text for text in texts if text]
        self._used: set[str] = set()
        self._given: dict[Path, str | None] = {}

    @property
    def newest(self) -> str:
        """The newest text."""
        return next(iter(self._texts), "")

    def suggest(self, path: Path, part: Mapping[str, Any]) -> str | None:
        """Return the value for a path in an answer; the same path gets the same value."""
        if path not in self._given:
            name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
            value = self.find(name, part)
            self._given[path] = value
            if value is not None and "enum" not in part:
                self._used.add(value)
        return self._given[path]

    def give(self, path: Path, value: str | None) -> None:
        """Fix the value of a path."""
        self._given[path] = value

    def take(self, name: str, part: Mapping[str, Any]) -> str | None:
        """Return the next unused value, and mark it as used."""
        value = self.find(name, part)
        if value is not None:
            self._used.add(value)
        return value

    def find(self, name: str, part: Mapping[str, Any]) -> str | None:
        """Return the best unused value."""
        return next(iter(self.unused(name, part)), None)

    def unused(self, name: str, part: Mapping[str, Any]) -> list[str]:
        """Return the fitting unused values, the best first."""
        return [value for value in self.all(name, part) if value not in self._used]

    def all(self, name: str, part: Mapping[str, Any]) -> list[str]:
        """Return every fitting value, the best first."""
        values = (value for text in self._texts for value in _values(text, name, part))
        return list(dict.fromkeys(values))


def _values(text: str, name: str, part: Mapping[str, Any]) -> Iterator[str]:
    if "const" in part or "enum" in part:
        return _members(text, part)
    wanted = kind(part)
    if wanted in ("integer", "number"):
        return _numbers(text, name, part)
    return strings(text, name, part) if wanted in ("string", "") else iter(())


def _members(text: str, part: Mapping[str, Any]) -> Iterator[str]:
    said = [term(word) for word in words(text)]
    joined = f" {' '.join(words(text))} "
    members = [str(member) for member in part.get("enum") or () if isinstance(member, str)]
    whole = [member for member in members if f" {' '.join(words(member))} " in joined]
    yield from sorted(whole, key=lambda member: joined.index(" ".join(words(member))))
    yield from (m for m in members if words(m) and term(words(m)[0]) in said)


def _numbers(text: str, name: str, part: Mapping[str, Any]) -> Iterator[str]:
    found = [(match.start(), match.group().replace(",", "")) for match in _NUMBER.finditer(text)]
    fitting = [(place, value) for place, value in found if _fits(value, part)]
    anchors = [text.lower().find(word) for word in _telling(name, part)]
    anchors = [anchor for anchor in anchors if anchor >= 0]
    if anchors:
        fitting = sorted(fitting, key=lambda pair: _distance(pair[0], anchors))
    return (value for _, value in fitting)


def _distance(place: int, anchors: Sequence[int]) -> int:
    return min(place - a if place >= a else 2 * (a - place) for a in anchors)


def _fits(value: str, part: Mapping[str, Any]) -> bool:
    if kind(part) == "integer" and "." in value:
        return False
    low, high, step = (part.get(name) for name in ("minimum", "maximum", "multipleOf"))
    number = float(value)
    if isinstance(step, (int, float)) and step and number % step:
        return False
    return (not isinstance(low, (int, float)) or number >= low) and (
        not isinstance(high, (int, float)) or number <= high
    )


def _telling(name: str, part: Mapping[str, Any]) -> list[str]:
    described = part.get("description")
    return [w for w in [*name_words(name), *words(str(described or ""))] if len(w) > 2]  # noqa: PLR2004 - "of", "in"
