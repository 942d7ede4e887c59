"""The current tools, and every change to them. Each can be undone."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from conversations import LONGEST_TOOL, MOST_TOOLS, DefinedFunction, DefinedTool

from ..session import Session

NEW_TOOL = {
    "name": "",
    "description": "",
    "parameters": {"type": "object", "properties": {}, "required": []},
}


def to_json(value: Any) -> str:
    """Return a definition as the JSON that the editor shows."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def add_tools(session: Session, tools: Iterable[DefinedTool]) -> None:
    """Add tools at the end, and open the last one."""
    found = [*session.settings.tools, *tools]
    if len(found) > MOST_TOOLS:
        session.notice(f"At most {MOST_TOOLS} tools can be kept. Nothing was added.")
        return
    _change(session, found)
    session.tool_page.open = len(found) - 1


def change_tool(session: Session, at: int, **changes: Any) -> None:
    """Change one tool. A definition that is too long is refused and changes nothing."""
    if len(changes.get("text", "")) > LONGEST_TOOL:
        session.notice(f"A tool can have at most {LONGEST_TOOL:,} characters. Nothing changed.")
        return
    found = list(session.settings.tools)
    found[at] = replace(found[at], **changes)
    _change(session, found)


def write_tool(session: Session, at: int, value: Any) -> None:
    """Replace the definition of a tool."""
    change_tool(session, at, text=to_json(value))


def remove_tool(session: Session, at: int) -> None:
    """Remove a tool."""
    found = list(session.settings.tools)
    del found[at]
    _change(session, found)
    session.tool_page.open = None


def duplicate_tool(session: Session, at: int) -> None:
    """Insert a copy of a tool after it, under a new name."""
    tool = session.settings.tools[at]
    taken = {each.name for each in session.settings.tools}
    number = next(n for n in range(2, MOST_TOOLS + 3) if f"{tool.name}_{n}" not in taken)
    value = tool.draft.value
    inner = definition(value)
    if inner is not None:
        value = with_definition(value, inner | {"name": f"{tool.name}_{number}"})
        tool = replace(tool, text=to_json(value))
    found = list(session.settings.tools)
    found.insert(at + 1, tool)
    _change(session, found)
    session.tool_page.open = at + 1


def move_tool(session: Session, at: int, by: int) -> None:
    """Move a tool up (-1) or down (1)."""
    found = list(session.settings.tools)
    to = at + by
    if 0 <= to < len(found):
        found[at], found[to] = found[to], found[at]
        _change(session, found)
        session.tool_page.open = to if session.tool_page.open == at else session.tool_page.open


def undo(session: Session) -> None:
    """Undo the last change."""
    before = session.tool_page.undo_stack.back()
    if before is None:
        return
    tools, functions = before
    session.settings = replace(session.settings, tools=tools, functions=functions)
    if session.tool_page.open is not None and session.tool_page.open >= len(tools):
        session.tool_page.open = None


def change_functions(session: Session, functions: Sequence[DefinedFunction]) -> None:
    """Set the documented `functions`."""
    _remember(session)
    session.settings = replace(session.settings, functions=tuple(functions))


def definition(value: Any) -> dict[str, Any] | None:
    """Return the part with name, description and parameters, from either shape."""
    if not isinstance(value, dict):
        return None
    inner = value.get("function") if "function" in value else value
    return inner if isinstance(inner, dict) else None


def with_definition(value: dict[str, Any], inner: dict[str, Any]) -> dict[str, Any]:
    """Return a tool with another inner part, in the same shape."""
    return {**value, "function": inner} if "function" in value else inner


def toggle_shape(value: dict[str, Any]) -> dict[str, Any]:
    """Wrap a flat tool, or unwrap a wrapped one."""
    inner = value.get("function")
    if isinstance(inner, dict):
        return inner
    return {"type": "function", "function": value}


def _change(session: Session, tools: Iterable[DefinedTool]) -> None:
    _remember(session)
    session.settings = replace(session.settings, tools=tuple(tools))


def _remember(session: Session) -> None:
    session.tool_page.undo_stack.remember((session.settings.tools, session.settings.functions))
