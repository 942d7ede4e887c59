"""Tools in this API's own flat shape."""

from collections.abc import Mapping
from typing import Any

from .tool_builder import Gathering

_KNOWN = ("name", "description", "parameters")


def is_documented(entry: Mapping[str, Any]) -> bool:
    """Return whether a list entry is a flat tool; one without arguments may lack the schema."""
    if not isinstance(entry.get("name"), str) or "type" in entry:
        return False
    return "parameters" in entry or isinstance(entry.get("description"), str)


def gather_documented(entry: Mapping[str, Any], gathering: Gathering) -> None:
    """Add one tool."""
    name = gathering.named(entry["name"])
    gathering.tell_extras(name, entry, _KNOWN)
    gathering.add(name, entry.get("description"), entry.get("parameters"))
