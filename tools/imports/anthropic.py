"""Anthropic's tools, whose schema is called `input_schema`."""

from collections.abc import Mapping
from typing import Any

from .tool_builder import Gathering

_KNOWN = ("type", "name", "description", "input_schema")


def is_anthropic(entry: Mapping[str, Any]) -> bool:
    """Return whether a list entry is an Anthropic tool with a schema."""
    return "input_schema" in entry


def gather_anthropic(entry: Mapping[str, Any], gathering: Gathering) -> None:
    """Add one tool."""
    name = gathering.named(entry.get("name"))
    gathering.tell_extras(name, entry, _KNOWN)
    gathering.add(name, entry.get("description"), entry["input_schema"])
