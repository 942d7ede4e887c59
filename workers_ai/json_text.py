"""Parsing of untrusted JSON text, within bounds."""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from .errors import WorkersAIError
from .json_values import nesting

DEEPEST_TEXT = 100
"""Levels of lists and objects. Schemas written by people have fewer than 40."""

LARGEST_TEXT = 5_000_000
"""Bytes of a text in UTF-8."""

_TOO_DEEP = f"The JSON is nested more than {DEEPEST_TEXT} levels deep."
_SPACES = {" ", "\t", "\n", "\r"}
_LONE_SURROGATE = "The text contains a lone surrogate."


class JSONTextError(WorkersAIError):
    """The text is not acceptable JSON. `line` and `column` count from 1; None if not known."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


def read_json(text: str) -> Any:
    """Return the value, or raise JSONTextError with the position of the first fault."""
    value = _read(_DECODER.decode, text)
    _check(value)
    return value


def read_documents(text: str) -> list[Any]:
    """Return the values of consecutive documents, as in JSON Lines; raises as `read_json` does."""
    values: list[Any] = _read(_documents, text)
    for value in values:
        _check(value)
    return values


def _documents(text: str) -> list[Any]:
    found, at = [], _after_space(text, 0)
    while at < len(text):
        value, end = _DECODER.raw_decode(text, at)
        found.append(value)
        at = _after_space(text, end)
    return found


def _after_space(text: str, at: int) -> int:
    while text[at : at + 1] in _SPACES:
        at += 1
    return at


def _read(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except json.JSONDecodeError as error:
        message = f"This is not JSON at line {error.lineno}, column {error.colno}: {error.msg}."
        raise JSONTextError(message, line=error.lineno, column=error.colno) from error
    except RecursionError:
        raise JSONTextError(_TOO_DEEP) from None


def _check(value: Any) -> None:
    if nesting(value) > DEEPEST_TEXT:
        raise JSONTextError(_TOO_DEEP)
    check_characters(json.dumps(value, ensure_ascii=False))


def check_size(text: str) -> None:
    """Raise JSONTextError if a text is too large, or cannot be encoded in UTF-8."""
    # Characters first: encoding takes as much memory again.
    if len(text) <= LARGEST_TEXT:
        check_characters(text)
        if len(text.encode()) <= LARGEST_TEXT:
            return
    raise JSONTextError(f"The text is larger than {LARGEST_TEXT // 1_000_000} MB.")


def check_characters(text: str) -> None:
    """Raise JSONTextError if a text cannot be encoded in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise JSONTextError(_LONE_SURROGATE) from None


def _refuse(name: str) -> NoReturn:
    raise JSONTextError(f"{name} is not a JSON number.")


def _number(digits: str) -> float:
    number = float(digits)
    return number if abs(number) != float("inf") else _refuse(_shown(digits))


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise JSONTextError(f"{_shown(digits)} has too many digits.") from None


def _shown(digits: str) -> str:
    return digits if len(digits) <= 20 else f"{digits[:20]}…"  # noqa: PLR2004 - one line


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_number, parse_int=_integer)
