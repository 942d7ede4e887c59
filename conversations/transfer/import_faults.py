"""The faults of an imported file: collected and counted, each with its path."""

import json
from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from workers_ai import PARAMETERS, Fault

MOST_LISTED = 20
MOST_TRANSLATED = 10_000
"""A file with more faults than this is not an export of this app; they are only counted."""

_LONGEST_KEY = 70
_LONGEST_PLAIN_KEY = 40

Key = int | str
Place = Sequence[Key]


class Faults:
    """Collects faults: the first twenty are listed, all are counted."""

    def __init__(self) -> None:
        self.count = 0
        self._listed: dict[Fault, None] = {}

    def add(self, place: Place, sentence: str) -> None:
        """Add a fault, unless it is already listed."""
        if len(self._listed) >= MOST_LISTED:
            self.count += 1
            return
        fault = Fault(path(place), sentence)
        if fault not in self._listed:
            self._listed[fault] = None
            self.count += 1

    def add_all(self, error: ValidationError) -> None:
        """Add everything that pydantic found."""
        if error.error_count() > MOST_TRANSLATED:
            self.add((), f"almost nothing in this file is valid: {error.error_count():,} errors")
            return
        for entry in error.errors(include_url=False, include_context=False):
            place = _place(entry)
            self.add(place, _sentence(entry, place))

    def listed(self) -> tuple[Fault, ...]:
        """Return the listed faults in the order found, then how many more there are."""
        listed = tuple(self._listed)
        more = self.count - len(listed)
        return (*listed, Fault("", f"and {more:,} more")) if more else listed


def path(place: Place) -> str:
    """Return a path as text, such as `conversations[0].messages[3].parent`."""
    return "".join(map(_step, place)).removeprefix(".")


def _step(key: Key) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if key.isascii() and key.isidentifier() and len(key) <= _LONGEST_PLAIN_KEY:
        return f".{key}"
    return f"[{json.dumps(key if len(key) <= _LONGEST_KEY else f'{key[:_LONGEST_KEY]}…')}]"


def _place(entry: ErrorDetails) -> Place:
    """Return the path without the names that pydantic adds for union members and for keys."""
    place = entry["loc"]
    if "arguments" in place and {"tool_calls", "results"}.intersection(place):
        return place[: place.index("arguments") + 1]
    return place[:-1] if place[-1:] == ("[key]",) else place


def _sentence(entry: ErrorDetails, place: Place) -> str:
    kind, name = entry["type"], place[-1] if place else ""
    if place[-1:] == ("arguments",):
        return "it must be an object or a string"
    if "parameters" in place and name in PARAMETERS and kind in _OF_A_PARAMETER:
        return PARAMETERS[str(name)].refusal(entry["input"])
    if kind == "string_pattern_mismatch":
        is_hash = place[0] == "images" or name == "image"
        return f"it must be {_A_HASH if is_hash else _AN_ID}"
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    return entry["msg"].replace("Input should be", "it must be").replace("Input", "it")


_A_HASH = "a SHA-256: 64 lowercase hexadecimal digits"
_AN_ID = "1 to 64 letters, digits, _ and -"
_UNKNOWN = {"extra_forbidden", "unexpected_keyword_argument"}
_OF_A_PARAMETER = {
    "int_type",
    "float_type",
    "bool_type",
    "finite_number",
    "greater_than_equal",
    "less_than_equal",
}

_SENTENCES = {
    **dict.fromkeys(_UNKNOWN, "this key is not known here; remove it"),
    "missing": "this key is required",
    **dict.fromkeys(("string_type", "string_unicode"), "it must be a string"),
    **dict.fromkeys(("tuple_type", "list_type"), "it must be a list"),
    **dict.fromkeys(
        ("dict_type", "mapping_type", "model_type", "dataclass_type"), "it must be an object"
    ),
    "too_short": "it is empty; omit the key",
}
