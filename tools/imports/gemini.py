"""Gemini's tools: lists of function declarations, with types in capitals."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas import CAPITALS

from .tool_builder import Gathering

_SCHEMAS = ("parameters", "parametersJsonSchema", "parameters_json_schema")
_KNOWN = ("name", "description", *_SCHEMAS)
_LISTS = ("functionDeclarations", "function_declarations")


def is_gemini(entry: Mapping[str, Any]) -> bool:
    """Return whether an entry is a list of Gemini's declarations, or one of them."""
    if any(isinstance(entry.get(key), list) for key in _LISTS):
        return True
    if any(key in entry for key in _SCHEMAS[1:]):
        return True
    schema = entry.get("parameters")
    return isinstance(schema, dict) and schema.get("type") in tuple(CAPITALS)


def gather_gemini(entry: Mapping[str, Any], gathering: Gathering) -> None:
    """Add every declaration."""
    for declaration in _declarations(entry, gathering):
        if gathering.is_full:
            return
        name = gathering.named(declaration.get("name"))
        gathering.tell_extras(name, declaration, _KNOWN)
        schema = next((declaration[key] for key in _SCHEMAS if key in declaration), None)
        gathering.add(name, declaration.get("description"), schema)


def _declarations(entry: Mapping[str, Any], gathering: Gathering) -> Iterator[Mapping[str, Any]]:
    lists = [entry[key] for key in _LISTS if isinstance(entry.get(key), list)]
    if not lists:
        yield entry
    for at, each in enumerate(part for found in lists for part in found):
        if isinstance(each, dict):
            yield each
        else:
            gathering.findings.tell((_LISTS[0], at), "it is not a declaration and was left out")
