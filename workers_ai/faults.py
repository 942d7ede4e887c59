"""Translation of pydantic's errors into faults: a path and a plain sentence each."""

import json

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .errors import Fault
from .json_values import Place, shown
from .parameters import PARAMETERS


def faults(error: ValidationError) -> list[Fault]:
    """Translate every entry of `error`, in order."""
    return [_fault(entry) for entry in error.errors(include_url=False)]


def path(place: Place) -> str:
    """Return a path as text, such as `messages[0].content[1].image_url.url`."""
    return "".join(map(_step, place)).removeprefix(".")


def _step(key: int | str) -> str:
    if isinstance(key, str) and key.isidentifier():
        return f".{key}"
    return f"[{json.dumps(key)}]"


def _fault(entry: ErrorDetails) -> Fault:
    place, kind = entry["loc"], entry["type"]
    if place[-1:] == ("[key]",):
        return Fault(path(place[:-2]), _SENTENCES["invalid_key"])
    if kind == "invalid_key":
        return Fault(path(place[:-1]), _SENTENCES[kind])
    return Fault(path(place), _sentence(entry))


def _sentence(entry: ErrorDetails) -> str:
    place, kind = entry["loc"], entry["type"]
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind in _WANTED:
        return f"{shown(entry['input'])} is not accepted; it must be {_WANTED[kind]}"
    if kind in _OF_A_PARAMETER:
        return PARAMETERS[str(place[0])].refusal(entry["input"])
    return entry["msg"]


_SENTENCES = {
    "missing": "this key is required",
    "extra_forbidden": "this is not a documented parameter",
    "invalid_key": "every key of a JSON object must be a string",
    "string_unicode": "a key contains a lone surrogate, which is not accepted",
}

_WANTED = {
    "string_type": "a string",
    "dict_type": "an object",
    "model_type": "an object",
    "list_type": "a list",
    "tuple_type": "a list",
}

_OF_A_PARAMETER = {
    "int_type",
    "float_type",
    "bool_type",
    "finite_number",
    "greater_than_equal",
    "less_than_equal",
}
