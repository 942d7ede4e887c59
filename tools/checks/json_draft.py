"""The text of a draft as JSON, or the reason it is not JSON."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from workers_ai.json_text import JSONTextError, read_json
from workers_ai.json_values import Place, identity, path

from .draft import ToolFault, ToolFix
from .fixes import MOST_FAULTS, in_json, in_quotes

LONGEST_DRAFT = 200_000
"""Characters."""

_MOST_DIGITS = 4300
"""Python refuses longer integers."""

# An unclosed string extends to the end, so that nothing is scanned twice.
_TEXT = r'"(?:[^"\\]|\\.)*+"?'
_NUMBERS = re.compile(rf"{_TEXT}|(?P<number>NaN|-?Infinity|-?\d[\d.eE+-]*)", re.DOTALL)
_HABITS = re.compile(
    rf"{_TEXT}|(?P<comma>,)(?=\s*[}}\]])|\b(?P<constant>True|False|None)\b", re.DOTALL
)
_CONSTANTS = {"True": "true", "False": "false", "None": "null"}


class Decoded(NamedTuple):
    """A decoded draft."""

    value: Any = None
    faults: tuple[ToolFault, ...] = ()


def decoded(text: str) -> Decoded:
    """Decode a draft as JSON without duplicate keys."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return _refused("the draft is empty; a tool is a JSON object")
    if len(text) > LONGEST_DRAFT:
        return _refused(f"the draft has more than {LONGEST_DRAFT:,} characters")
    try:
        value = read_json(text)
    except JSONTextError as error:
        return _refused(_sentence(error, text), _without_habits(text))
    return Decoded(value, _repeated(text, value))


def _refused(message: str, fix: ToolFix | None = None) -> Decoded:
    return Decoded(faults=(ToolFault("", message, fix),))


def _sentence(error: JSONTextError, text: str) -> str:
    if error.line is not None:
        return error.message
    at = next((found.start() for found in _NUMBERS.finditer(text) if _is_refused(found)), None)
    if at is None:
        return error.message
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return f"This is not JSON at line {line}, column {column}: {error.message}"


def _is_refused(found: re.Match[str]) -> bool:
    number = found["number"]
    if number is None:
        return False
    if number.lstrip("-").isdigit():
        return len(number.lstrip("-")) > _MOST_DIGITS
    try:
        return not math.isfinite(float(number))
    except ValueError:
        return False


def _without_habits(text: str) -> ToolFix | None:
    """Return a fix for syntax that JavaScript and Python allow, if it makes the text valid JSON."""
    commas = any(found["comma"] for found in _HABITS.finditer(text))
    mended = _HABITS.sub(_in_json, text)
    try:
        written = in_json(read_json(mended))
    except JSONTextError:
        return None
    return ToolFix("Remove trailing commas" if commas else "Use true, false and null", written)


def _in_json(found: re.Match[str]) -> str:
    if found["constant"]:
        return _CONSTANTS[found["constant"]]
    return "" if found["comma"] else found[0]


class _Object(dict[str, Any]):
    """An object that records its duplicate keys; True if their values are equal."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        first: dict[str, Any] = {}
        self.twice: dict[str, bool] = {}
        for key, value in pairs:
            if key in first:
                same = identity(first[key]) == identity(value)
                self.twice[key] = same and self.twice.get(key, True)
            first.setdefault(key, value)


def _repeated(text: str, value: Any) -> tuple[ToolFault, ...]:
    found = list(_twice(json.loads(text, object_pairs_hook=_Object)))
    fix = ToolFix("Keep one of each", in_json(value)) if all(same for _, same in found) else None
    return tuple(
        ToolFault(
            path(place), f"{in_quotes(str(place[-1]))} appears twice here; only one can count", fix
        )
        for place, _ in found[:MOST_FAULTS]
    )


def _twice(value: Any) -> Iterator[tuple[Place, bool]]:
    stack: list[tuple[Place, Any]] = [((), value)]
    while stack:
        place, part = stack.pop()
        if isinstance(part, _Object):
            yield from (((*place, key), same) for key, same in part.twice.items())
            stack += [((*place, key), inner) for key, inner in part.items()]
        elif isinstance(part, list):
            stack += [((*place, at), inner) for at, inner in enumerate(part)]
