"""Tools of the Model Context Protocol: the result of `tools/list`."""

from collections.abc import Mapping
from typing import Any

from .tool_builder import Gathering

_KNOWN = ("name", "description", "inputSchema")


def is_mcp(entry: Mapping[str, Any]) -> bool:
    """Return whether a list entry is an MCP tool."""
    return "inputSchema" in entry


def gather_mcp(entry: Mapping[str, Any], gathering: Gathering) -> None:
    """Add one tool. Its `title` replaces a missing description."""
    name = gathering.named(entry.get("name"))
    description = entry.get("description") or entry.get("title")
    known = _KNOWN if entry.get("description") else (*_KNOWN, "title")
    gathering.tell_extras(name, entry, known)
    gathering.add(name, description, entry["inputSchema"])


def tell_of_further_pages(result: Mapping[str, Any], gathering: Gathering) -> None:
    """Report that the result is one page of several."""
    if result.get("nextCursor"):
        gathering.findings.tell((), "the list continues after nextCursor; only this page was read")
