"""Truncated JSON: the part that arrived, and where it was cut off."""

import json
from dataclasses import dataclass
from typing import Any

from workers_ai.json_values import path

_SPACE = " \t\r\n"
_DECODER = json.JSONDecoder()
_DEEPEST = 200


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
    reader = _Reader(text)
    try:
        return reader.read()
    except (ValueError, IndexError, RecursionError):
        return None


class _EndError(Exception):
    """The text ended."""


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._root: Any = None
        self._open: list[Any] = []
        self._place: list[int | str] = []

    def read(self) -> Partial | None:
        self._skip()
        if self._text[self._at : self._at + 1] not in ("{", "["):
            return None
        try:
            self._enter()
            while self._open:
                self._step()
        except _EndError:
            return Partial(self._root, path(tuple(self._place)))
        return None

    def _enter(self) -> None:
        """Open the list or object at the current position."""
        if len(self._open) >= _DEEPEST:
            raise ValueError("too deep")
        new: Any = {} if self._text[self._at] == "{" else []
        self._put(new)
        self._open.append(new)
        self._place.append("" if isinstance(new, dict) else 0)
        self._at += 1

    def _put(self, value: Any) -> None:
        if not self._open:
            self._root = value
        elif isinstance(self._open[-1], dict):
            self._open[-1][self._place[-1]] = value
        else:
            self._open[-1].append(value)

    def _step(self) -> None:
        """Read one element or closing bracket."""
        here = self._open[-1]
        closing = "}" if isinstance(here, dict) else "]"
        if self._peek() == closing:
            self._at += 1
            self._open.pop()
            self._place.pop()
            return
        if here:
            self._expect(",")
        if isinstance(here, dict):
            self._place[-1] = self._key()
            self._expect(":")
        else:
            self._place[-1] = len(here)
        if self._peek() in "{[":
            self._enter()
        else:
            self._put(self._scalar())

    def _key(self) -> str:
        if self._peek() != '"':
            raise ValueError("a key is missing")
        try:
            key, self._at = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._broken(error)
            raise _EndError from None
        return str(key)

    def _scalar(self) -> Any:
        if self._text[self._at] == '"':
            return self._string()
        end = self._at
        while end < len(self._text) and self._text[end] not in f",]}}{_SPACE}":
            end += 1
        word, whole = self._text[self._at : end], end < len(self._text)
        if word[:1] not in set("-0123456789tfn"):
            raise ValueError("no value")
        self._at = end
        if not whole:
            raise _EndError
        return _DECODER.decode(word)

    def _string(self) -> Any:
        try:
            text, self._at = _DECODER.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._broken(error)
            self._put(self._text[self._at + 1 :].split("\\")[0])
            raise _EndError from None
        return text

    def _broken(self, error: json.JSONDecodeError) -> None:
        """Re-raise the error unless the string was merely cut off."""
        unended = error.msg.startswith("Unterminated")
        cut_escape = "escape" in error.msg and len(self._text) - error.pos < 7  # noqa: PLR2004 - \\uXXXX
        if not (unended or cut_escape):
            raise error

    def _expect(self, char: str) -> None:
        if self._peek() != char:
            raise ValueError(f"{char} is missing")
        self._at += 1

    def _peek(self) -> str:
        self._skip()
        if self._at >= len(self._text):
            raise _EndError
        return self._text[self._at]

    def _skip(self) -> None:
        while self._text[self._at : self._at + 1] in set(_SPACE):
            self._at += 1
