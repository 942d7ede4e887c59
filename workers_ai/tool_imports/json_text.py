"""JSON that anybody may have written, read within bounds."""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from workers_ai.json_values import nesting

from .imported import ImportToolsError

DEEPEST_TEXT = 100
"""Levels of lists and objects. Schemas that people write have less than 40."""

_TOO_DEEP = f"The JSON is nested more than {DEEPEST_TEXT} levels deep."
_SPACES = {" ", "\t", "\n", "\r"}
_HALF_CHARACTER = "The text holds half a character (a lone surrogate)."


def read_json(text: str) -> Any:
    """Return the value, or raise ImportToolsError with the place of the first fault."""
    value = _read(_DECODER.decode, text)
    _check(value)
    return value


def read_documents(text: str) -> list[Any]:
    """Return one value after the other, as JSON Lines has them; raises as `read_json` does."""
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
        raise ImportToolsError(message, line=error.lineno, column=error.colno) from error
    except RecursionError:
        raise ImportToolsError(_TOO_DEEP) from None


def _check(value: Any) -> None:
    if nesting(value) > DEEPEST_TEXT:
        raise ImportToolsError(_TOO_DEEP)
    check_characters(json.dumps(value, ensure_ascii=False))


def check_characters(text: str) -> None:
    """Raise ImportToolsError if a text could not be written in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ImportToolsError(_HALF_CHARACTER) from None


def _refuse(name: str) -> NoReturn:
    raise ImportToolsError(f"{name} is not a JSON number.")


def _number(digits: str) -> float:
    number = float(digits)
    return number if abs(number) != float("inf") else _refuse(_shown(digits))


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise ImportToolsError(f"{_shown(digits)} has too many digits.") from None


def _shown(digits: str) -> str:
    return digits if len(digits) <= 20 else f"{digits[:20]}…"  # noqa: PLR2004 - one line


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_number, parse_int=_integer)
