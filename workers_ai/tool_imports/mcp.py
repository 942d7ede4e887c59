"""Tools of the Model Context Protocol: what `tools/list` answers."""

from collections.abc import Mapping
from typing import Any

from .gathering import Gathering

_KNOWN = ("name", "description", "inputSchema")


def is_mcp(entry: Mapping[str, Any]) -> bool:
    """Whether an entry of a list is one of MCP's tools."""
    return "inputSchema" in entry


def gather_mcp(entry: Mapping[str, Any], gathering: Gathering) -> None:
    """Take up one tool. Its `title` is its description where it has no other."""
    name = gathering.named(entry.get("name"))
    description = entry.get("description") or entry.get("title")
    known = _KNOWN if entry.get("description") else (*_KNOWN, "title")
    gathering.tell_extras(name, entry, known)
    gathering.add(name, description, entry["inputSchema"])


def tell_of_further_pages(result: Mapping[str, Any], gathering: Gathering) -> None:
    """Tell that an answer is one page of several."""
    if result.get("nextCursor"):
        gathering.findings.tell((), "the list goes on behind nextCursor; only this page was read")
