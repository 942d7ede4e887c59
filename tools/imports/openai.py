"""OpenAI's tools: wrapped (Chat Completions) or flat (Responses)."""

from collections.abc import Mapping
from typing import Any

from .tool_builder import Gathering

_FLAT = ("type", "name", "description", "parameters")


def is_openai(entry: Mapping[str, Any]) -> bool:
    """Return whether a list entry is an OpenAI function."""
    if isinstance(entry.get("function"), dict):
        return True
    return entry.get("type") == "function" and isinstance(entry.get("name"), str)


def gather_openai(entry: Mapping[str, Any], gathering: Gathering) -> None:
    """Add one function in either form."""
    function = entry.get("function")
    flat = function if isinstance(function, dict) else entry
    name = gathering.named(flat.get("name"))
    if flat is not entry:
        gathering.tell_extras(name, entry, ("type", "function"))
    gathering.tell_extras(name, flat, _FLAT)
    gathering.add(name, flat.get("description"), flat.get("parameters"))
