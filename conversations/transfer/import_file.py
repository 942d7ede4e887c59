"""Reading of an untrusted JSON file, and the values in it that JSON should not contain."""

import json
import math
from collections.abc import Iterator
from typing import Any

from .export_format import DEEPEST_NESTING
from .import_faults import Faults, Key

LARGEST_FILE = 200_000_000
"""Bytes."""

MOST_VALUES = 2_000_000
"""Strings, numbers, lists and so on in one file: enough for 40,000 messages."""

_MOST_SIGNS = 4 * MOST_VALUES
"""Commas and opening brackets, including those in strings, counted before parsing."""

_TOO_LARGE = f"the file is larger than {LARGEST_FILE // 1_000_000} MB; export fewer chats at once"
_TOO_MANY = f"the file has more than {MOST_VALUES:,} values; export fewer chats at once"
_TOO_DEEP = f"lists and objects are nested more than {DEEPEST_NESTING} levels deep"


class _Doubled(dict[str, Any]):
    """An object with a duplicate key."""

    key = ""


def read_json(data: bytes, faults: Faults) -> Any:
    """Return the value in a file, or None, and add what is wrong with it to `faults`.

    A file that is too large, or has too many values or levels, is refused. `inspect` finds
    duplicate keys, NaN, numbers that are too large to be stored, and lone surrogates.
    """
    if len(data) > LARGEST_FILE:
        faults.add((), _TOO_LARGE)
    elif sum(map(data.count, (b",", b"[", b"{"))) > _MOST_SIGNS:
        faults.add((), _TOO_MANY)
    else:
        return _decoded(data, faults)
    return None


def _decoded(data: bytes, faults: Faults) -> Any:
    try:
        return json.loads(data.decode(), object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError as error:
        faults.add((), f"the file is not UTF-8 text; the first invalid byte is {error.start + 1}")
    except json.JSONDecodeError as error:
        faults.add((), f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}")
    except RecursionError:
        faults.add((), _TOO_DEEP)
    return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled, seen = _Doubled(found), set[str]()
    doubled.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return doubled


def _integer(digits: str) -> float:
    try:
        return int(digits)
    except ValueError:
        # Python cannot convert an integer of more than 4300 digits to text.
        return math.inf


def inspect(value: Any, faults: Faults) -> None:
    """Check every value, whatever the file's structure."""
    place: list[Key] = []
    # A stack of iterators, not recursion: the file decides the depth.
    levels: list[Iterator[tuple[Key, Any]]] = [iter([("", value)])]
    count = 0
    while levels:
        key, item = next(levels[-1], (None, None))
        if key is None:
            levels.pop()
            continue
        place[len(levels) - 1 :] = [key]
        count += 1
        for sentence in _problems(item):
            faults.add(place[1:], sentence)
        levels += _parts(item)
        if len(levels) - 1 > DEEPEST_NESTING or count > MOST_VALUES:
            faults.add((), _TOO_MANY if count > MOST_VALUES else _TOO_DEEP)
            return


def _parts(item: Any) -> list[Iterator[tuple[Key, Any]]]:
    if isinstance(item, dict):
        return [iter(item.items())]
    return [iter(enumerate(item))] if isinstance(item, list) else []


def _problems(item: Any) -> Iterator[str]:
    if isinstance(item, float) and not math.isfinite(item):
        yield "it is not a number that can be stored: it is too large, or NaN"
    elif isinstance(item, str) and not _is_whole(item):
        yield "it contains a lone surrogate"
    elif isinstance(item, dict):
        if not all(map(_is_whole, item)):
            yield "a key contains a lone surrogate"
        if isinstance(item, _Doubled):
            yield f"it has the key {json.dumps(item.key[:40])} twice"


def _is_whole(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
