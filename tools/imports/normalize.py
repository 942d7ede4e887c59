"""JSON Schema in the documented shape: every property has one type and a description."""

import re
from typing import Any

from schemas import (
    ImportReport,
    chosen_type,
    has_type,
    inferred_type,
    merge_all_of,
    one_schema,
    quoted,
)
from workers_ai.json_values import Place


def documented_parameters(schema: Any, place: Place, findings: ImportReport) -> dict[str, Any]:
    """Return a schema as the `parameters` of a tool; changes are reported.

    Everything else in the schema stays: the documented one allows further keywords and requires
    nothing of what is inside a property (wire.md 5.2).
    """
    if not isinstance(schema, dict):
        if schema is not None:
            findings.add(place, "it was not a schema; the tool takes no arguments")
        return {"type": "object", "properties": {}}
    own = merge_all_of(schema, place, findings)
    if not isinstance(own.get("properties"), dict):
        own = _with_properties(own, place, findings)
    own = _typed(own, place, findings, otherwise="object")
    own["properties"] = {
        name: _property(name, part, (*place, name), findings)
        for name, part in own["properties"].items()
    }
    if "required" in own:
        _check_required(own, place, findings)
    return own


def _with_properties(
    schema: dict[str, Any], place: Place, findings: ImportReport
) -> dict[str, Any]:
    if "properties" in schema:
        findings.add(place, "its properties were not an object and were left out")
    own = {key: value for key, value in schema.items() if key != "properties"}
    chosen = own if isinstance(own.get("type"), str) else one_schema(own, place, findings)
    found = chosen.get("properties")
    return {**chosen, "properties": found if isinstance(found, dict) else {}}


def _check_required(schema: dict[str, Any], place: Place, findings: ImportReport) -> None:
    given = schema["required"]
    if not isinstance(given, list):
        del schema["required"]
        findings.add(place, "required was not a list of names and was left out")
        return
    names = dict.fromkeys(name for name in given if isinstance(name, str))
    for name in names:
        if name not in schema["properties"]:
            findings.add(place, f"{quoted(name)} was required, but there is no such property")
    schema["required"] = [name for name in names if name in schema["properties"]]


def _property(name: str, schema: Any, place: Place, findings: ImportReport) -> dict[str, Any]:
    if not isinstance(schema, dict):
        findings.add(place, "it was not a schema with a type")
        schema = {}
    own = _typed(one_schema(schema, place, findings), place, findings)
    return _described(own, name, place, findings)


def _typed(
    schema: dict[str, Any], place: Place, findings: ImportReport, otherwise: str = "string"
) -> dict[str, Any]:
    kind = schema.get("type")
    if isinstance(kind, str):
        return dict(schema)
    sentence = ""
    if isinstance(kind, list):
        kind, sentence = chosen_type(kind)
    if not kind or not isinstance(kind, str):
        kind = inferred_type(schema, otherwise)
        sentence = f"its type was missing; {kind} was filled in"
    findings.add(place, sentence)
    return _fitting({**schema, "type": kind})


def _fitting(schema: dict[str, Any]) -> dict[str, Any]:
    """Remove values that only the omitted types would allow."""
    kind = schema["type"]
    if isinstance(schema.get("enum"), list):
        fitting = [value for value in schema["enum"] if has_type(value, kind)]
        schema["enum"] = fitting or schema["enum"]
    if "default" in schema and schema["default"] is None:
        del schema["default"]
    return schema


def _described(
    schema: dict[str, Any], name: str, place: Place, findings: ImportReport
) -> dict[str, Any]:
    text = schema.get("description")
    if isinstance(text, str) and text.strip():
        return schema
    title = schema.get("title")
    filled = title if isinstance(title, str) and title.strip() else f"The {words(name)}."
    findings.add(place, "its description was missing and was made from its name")
    return {**schema, "description": filled}


def words(name: str) -> str:
    """Return a name as words: "book id" for `bookId` and `book_id`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    text = " ".join(re.split(r"[\W_]+", apart)).strip()
    return text.lower() if text else "value"
