"""The messages of a tool call: the model's request and the results (wire.md 5.3)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .messages import Message, TextPart
from .responses import ToolCall

ResultRole = Literal["tool", "user"]
"""The role of a result's message: `tool`, or `user`, whose turns alternate with the model's in
Gemma's template."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of one call."""

    call: ToolCall
    """The call that was answered: the model's own, or as edited by a person."""

    content: str
    """The result for the model: plain text or JSON."""

    source: Literal["hand", "run", "fixed"] = "hand"
    """Where it comes from: entered by hand, a tool that ran, or the tool's canned reply."""


def call_message(
    calls: Sequence[ToolCall], said: str = "", *, role: ResultRole, key: str = "arguments"
) -> Message:
    """Return the model's turn with its calls.

    The calls are in the text, as in the documentation's example; models whose results are `tool`
    messages also get them in `tool_calls`, with the ids that the results refer to. `said` is the
    model's text before the calls, `key` the name of their arguments.
    """
    entries = [{"name": call.name, key: call.arguments} for call in calls]
    written = json.dumps(entries[0] if len(entries) == 1 else entries, ensure_ascii=False)
    content = f"{said}\n{written}" if said else written
    if role == "user":
        return _message("assistant", content)
    return _message("assistant", content, tool_calls=list(map(_in_full, calls)))


def result_messages(results: Sequence[ToolResult], *, role: ResultRole) -> list[Message]:
    """Return the messages with the results: one per result, or a single user message with all."""
    if role == "tool":
        return [
            _message("tool", each.content, name=each.call.name, tool_call_id=each.call.id)
            for each in results
        ]
    lines = (f"Tool result for {each.call.name}: {each.content}" for each in results)
    return [Message(role="user", content=[TextPart(text="\n".join(lines))])]


def _message(role: str, content: str, **further: Any) -> Message:
    return Message(role=role, content=content, **further)


def _in_full(call: ToolCall) -> dict[str, Any]:
    arguments = call.arguments
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    function = {"name": call.name, "arguments": arguments}
    return {"id": call.id, "type": "function", "function": function}
