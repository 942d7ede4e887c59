"""Error messages for schemas without a grammar: the part at fault, the reason, the remedy."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schemas import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS, compiled_pattern, pattern_problem
from workers_ai.json_values import Place, path

from .schema_lookup import parts

Complaint = Callable[[Mapping[str, Any]], str]
"""Returns the grammar compiler's error for a schema, or ""."""

_MOST_TRIED = 500
_LONGEST = 300
_KEYS = re.compile(r"Unimplemented keys: (\[.*\])")
_OUTSIDE = SINGLE_SCHEMAS | SCHEMA_LISTS | SCHEMA_MAPS | {"$ref", "$dynamicRef", "$id", "$schema"}
_SILENT = {"$defs", "definitions", "title", "description", "default", "examples", "$comment"}
_NO_CHOICE = {"anyOf is empty": "no choice is left"}
_UNSATISFIABLE = "Unsatisfiable schema: "


def refusal(
    schema: Mapping[str, Any], narrow: Mapping[str, Any], error: str, complaint: Complaint
) -> str:
    """Return one line: what cannot be followed, at which path, and what to do.

    `narrow` is the schema that was compiled, `error` the compiler's error.
    """
    inner = list(parts(narrow))
    for keyword in _named(error):
        for place, part in inner:
            if keyword in part:
                return f"{path((*place, keyword))}: {_SENTENCES.get(keyword, _UNKNOWN)}"
    written = dict(parts(schema))
    for place, part, found in _blamed(inner[:_MOST_TRIED], narrow, complaint):
        keywords = [name for name in part if name in written.get(place, part)]
        return _at(place, [name for name in keywords if name not in _SILENT], found)
    return _at((), [], error)


def too_much_work(schema: Mapping[str, Any]) -> str:
    """Return the message for a schema over the grammar's budget, with the path of its pattern."""
    sizes = {
        (*place, "pattern"): compiled_pattern(part["pattern"])[1].size
        for place, part in parts(schema)
        if isinstance(part.get("pattern"), str) and not pattern_problem(part["pattern"])
    }
    heaviest = path(max(sizes, key=sizes.__getitem__, default=()))
    return ": ".join(filter(None, (heaviest, _TOO_MUCH)))


def _blamed(
    inner: list[tuple[Place, Mapping[str, Any]]], narrow: Mapping[str, Any], complaint: Complaint
) -> Iterator[tuple[Place, Mapping[str, Any], str]]:
    """Yield parts that fail: first by their own keywords, then as a whole, inner ones first."""
    for place, part in inner:
        own = {name: said for name, said in part.items() if name not in _OUTSIDE}
        if own and (found := complaint(own)):
            yield place, own, found
    definitions = {name: narrow[name] for name in ("$defs", "definitions") if name in narrow}
    for place, part in reversed(inner):
        if found := complaint(definitions | dict(part)):
            yield place, part, found


def _named(error: str) -> list[str]:
    if error.startswith("oneOf constraints"):
        return ["oneOf"]
    if error.startswith("min/maxProperties"):
        return ["minProperties", "maxProperties"]
    if error.startswith("patternProperty"):
        return ["patternProperties"]
    found = _KEYS.search(error)
    return list(json.loads(found[1])) if found else []


def _at(place: Place, keywords: list[str], error: str) -> str:
    if error.startswith(_UNSATISFIABLE):
        reason = _line(error.removeprefix(_UNSATISFIABLE))
        blamed = [name for name in keywords if re.search(rf"\b{re.escape(name)}\b", reason)]
        reason = _NO_CHOICE.get(reason, reason)
        sentence = (
            f"no value can follow {_listed(blamed or keywords)}: {reason}; change one of them"
        )
    elif "determine if regex is empty" in error:
        sentence = f"the built-in model cannot follow {_listed(keywords)} together; remove one"
    elif "pattern" in keywords and ("regex" in error or "look" in error):
        place = (*place, "pattern")
        sentence = f"the built-in model cannot follow this pattern; simplify it ({_reason(error)})"
    else:
        sentence = (
            f"following {_listed(keywords)} is too expensive for the built-in model; "
            f"simplify it ({_reason(error)})"
        )
    return ": ".join(filter(None, (path(place), sentence)))


def _listed(keywords: list[str]) -> str:
    quoted = [f"`{keyword}`" for keyword in keywords] or ["the schema"]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def _reason(error: str) -> str:
    if "lookaround" in error:
        return "it contains a lookaround or a word boundary"
    _, _, reason = error.rpartition("error: ")
    return _line(reason)


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


_TOO_MUCH = "this is too expensive for the built-in model to follow; use fewer repetitions"
_UNKNOWN = "the built-in model does not support this keyword; remove it to use the schema"
_PROPERTIES = (
    "the built-in model can count keys only if every key in `properties` is required; "
    "list them all in `required`, or remove the count"
)
_SENTENCES: Mapping[str, str] = {
    "oneOf": "the choices may overlap, and the built-in model cannot ensure that only one "
    "matches; use `anyOf`",
    "minProperties": _PROPERTIES,
    "maxProperties": _PROPERTIES,
    "patternProperties": "a key may match two of these patterns, and the built-in model cannot "
    "follow both; make them mutually exclusive",
}
