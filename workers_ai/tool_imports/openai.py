"""OpenAI's tools: wrapped, as chat completions take them, or flat, as Responses do."""

from collections.abc import Mapping
from typing import Any

from .gathering import Gathering

_FLAT = ("type", "name", "description", "parameters")


def is_openai(entry: Mapping[str, Any]) -> bool:
    """Whether an entry of a list is one of OpenAI's functions."""
    if isinstance(entry.get("function"), dict):
        return True
    return entry.get("type") == "function" and isinstance(entry.get("name"), str)


def gather_openai(entry: Mapping[str, Any], gathering: Gathering) -> None:
    """Take up one function of either form."""
    function = entry.get("function")
    flat = function if isinstance(function, dict) else entry
    name = gathering.named(flat.get("name"))
    if flat is not entry:
        gathering.tell_extras(name, entry, ("type", "function"))
    gathering.tell_extras(name, flat, _FLAT)
    gathering.add(name, flat.get("description"), flat.get("parameters"))
