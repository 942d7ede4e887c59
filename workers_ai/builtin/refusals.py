"""Why no grammar can be made of a schema, and which part of it is to blame."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..faults import path
from ..json_values import Place
from ..schema_checks.patterns import compiled, pattern_problem
from ..schema_checks.shapes import LISTS, MAPS, SINGLE
from .schemas import parts

Complaint = Callable[[Mapping[str, Any]], str]
"""Returns what the grammar says against a schema, or ""."""

_MOST_TRIED = 500
_LONGEST = 300
_KEYS = re.compile(r"Unimplemented keys: (\[.*\])")
_OUTSIDE = SINGLE | LISTS | MAPS | {"$ref", "$dynamicRef", "$id", "$schema"}
_SILENT = {"$defs", "definitions", "title", "description", "default", "examples", "$comment"}
_NO_CHOICE = {"anyOf is empty": "no choice is left"}
_UNSATISFIABLE = "Unsatisfiable schema: "


def refusal(
    schema: Mapping[str, Any], narrow: Mapping[str, Any], told: str, complaint: Complaint
) -> str:
    """Say in one line what cannot be followed, where it stands, and what to do.

    `narrow` is what the grammar was to be made of, `told` what was said against it.
    """
    inner = list(parts(narrow))
    for keyword in _named(told):
        for place, part in inner:
            if keyword in part:
                return f"{path((*place, keyword))}: {_SENTENCES.get(keyword, _UNKNOWN)}"
    written = dict(parts(schema))
    for place, part, found in _blamed(inner[:_MOST_TRIED], narrow, complaint):
        keywords = [name for name in part if name in written.get(place, part)]
        return _at(place, [name for name in keywords if name not in _SILENT], found)
    return _at((), [], told)


def too_much_work(schema: Mapping[str, Any]) -> str:
    """Say that a schema took all the work that a grammar may cost: that is a pattern's doing."""
    sizes = {
        (*place, "pattern"): compiled(part["pattern"])[1].size
        for place, part in parts(schema)
        if isinstance(part.get("pattern"), str) and not pattern_problem(part["pattern"])
    }
    heaviest = path(max(sizes, key=sizes.__getitem__, default=()))
    return ": ".join(filter(None, (heaviest, _TOO_MUCH)))


def _blamed(
    inner: list[tuple[Place, Mapping[str, Any]]], narrow: Mapping[str, Any], complaint: Complaint
) -> Iterator[tuple[Place, Mapping[str, Any], str]]:
    """Yield parts that fail: by what they say themselves, then with all within, from inside."""
    for place, part in inner:
        own = {name: said for name, said in part.items() if name not in _OUTSIDE}
        if own and (found := complaint(own)):
            yield place, own, found
    definitions = {name: narrow[name] for name in ("$defs", "definitions") if name in narrow}
    for place, part in reversed(inner):
        if found := complaint(definitions | dict(part)):
            yield place, part, found


def _named(told: str) -> list[str]:
    if told.startswith("oneOf constraints"):
        return ["oneOf"]
    if told.startswith("min/maxProperties"):
        return ["minProperties", "maxProperties"]
    if told.startswith("patternProperty"):
        return ["patternProperties"]
    found = _KEYS.search(told)
    return list(json.loads(found[1])) if found else []


def _at(place: Place, keywords: list[str], told: str) -> str:
    if told.startswith(_UNSATISFIABLE):
        reason = _line(told.removeprefix(_UNSATISFIABLE))
        blamed = [name for name in keywords if re.search(rf"\b{re.escape(name)}\b", reason)]
        reason = _NO_CHOICE.get(reason, reason)
        sentence = (
            f"no value can follow {_listed(blamed or keywords)}: {reason}; change one of them"
        )
    elif "determine if regex is empty" in told:
        sentence = f"the built-in model cannot follow {_listed(keywords)} together; leave one out"
    elif "pattern" in keywords and ("regex" in told or "look" in told):
        place = (*place, "pattern")
        sentence = f"the built-in model cannot follow this; write a simpler one ({_reason(told)})"
    else:
        sentence = (
            f"the built-in model cannot follow {_listed(keywords)}, for it is too much work; "
            f"ask for less ({_reason(told)})"
        )
    return ": ".join(filter(None, (path(place), sentence)))


def _listed(keywords: list[str]) -> str:
    quoted = [f"`{keyword}`" for keyword in keywords] or ["the schema"]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def _reason(told: str) -> str:
    if "lookaround" in told:
        return "it looks ahead, behind or for a word's end"
    _, _, reason = told.rpartition("error: ")
    return _line(reason)


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


_TOO_MUCH = "to follow this is too much work for the built-in model; let it repeat less"
_UNKNOWN = "the built-in model cannot follow this keyword; without it the schema can be used"
_PROPERTIES = (
    "the built-in model can count keys only where every one in `properties` is required; "
    "list them all in `required`, or leave the count out"
)
_SENTENCES: Mapping[str, str] = {
    "oneOf": "the choices may overlap, and the built-in model cannot see to it that only one "
    "fits; use `anyOf`",
    "minProperties": _PROPERTIES,
    "maxProperties": _PROPERTIES,
    "patternProperties": "a key may match two of these patterns, and the built-in model cannot "
    "follow both; make them exclude each other",
}
