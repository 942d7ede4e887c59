"""Truncated JSON: the part that arrived, and where it was cut off."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from workers_ai.json_values import path

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?P<end>"?)|[{}\[\],:]', re.DOTALL)
_BARE_END = re.compile(r"[\w.+-]+\Z")


@dataclass(frozen=True, slots=True)
class Partial:
    """What could be read from truncated JSON."""

    value: Any
    """The value with open brackets closed; unfinished parts are left out, except strings."""

    place: str
    """The path of the part that was cut off."""


def partial_json(text: str) -> Partial | None:
    """Read a truncated JSON list or object; return None if the text is not one, or is complete.

    Nothing is raised, and the time depends only on the length of the text.
    """
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return None
    tokens = list(_TOKEN.finditer(text))
    if tokens[-1]["end"] != "":
        # The end of a number may be missing.
        text = _BARE_END.sub("", text)
    place = _place(tokens)
    value = from_json(text, allow_partial="trailing-strings")
    return Partial(value, path(tuple(place))) if place else None


def _place(tokens: Iterable[re.Match[str]]) -> list[int | str]:
    """Return the keys and positions of what is open at the end; none if nothing is."""
    place: list[int | str] = []
    is_key = False
    for token in tokens:
        sign = token[0][0]
        if sign in "{[":
            place.append("" if sign == "{" else 0)
        elif sign in "}]":
            place.pop()
        elif sign == "," and isinstance(place[-1], int):
            place[-1] += 1
        elif sign == '"' and is_key and token["end"]:
            place[-1] = str(from_json(token[0]))
        is_key = sign in "{," and bool(place) and isinstance(place[-1], str)
    return place
