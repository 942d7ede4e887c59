"""The turns of a tool call: what the model asked for, and what came back (wire.md 5.3)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .messages import Message, TextPart
from .responses import ToolCall

ResultRole = Literal["tool", "user"]
"""Who brings a result: a message of its own role, or the user, whose turns alternate with the
model's in Gemma's template."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of one call."""

    call: ToolCall
    """The call that was answered: the model's, or as a person has changed it."""

    content: str
    """What the model is told: a text, or the text of a JSON value."""

    source: Literal["hand", "run", "fixed"] = "hand"
    """Who made it: a person, a tool that ran, or the answer that was set for the tool."""


def call_message(
    calls: Sequence[ToolCall], said: str = "", *, role: ResultRole, key: str = "arguments"
) -> Message:
    """Return the model's turn with its calls.

    The calls stand in the text, as the documentation repeats them; models whose results come as
    `tool` messages get them beside it too, with the ids that the results refer to. `said` is what
    the model wrote before the calls, `key` the name of their arguments.
    """
    told = [{"name": call.name, key: call.arguments} for call in calls]
    written = json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False)
    content = f"{said}\n{written}" if said else written
    if role == "user":
        return _message("assistant", content)
    return _message("assistant", content, tool_calls=list(map(_in_full, calls)))


def result_messages(results: Sequence[ToolResult], *, role: ResultRole) -> list[Message]:
    """Return the turns that bring the results: one for each, or one of the user with all."""
    if role == "tool":
        return [
            _message("tool", each.content, name=each.call.name, tool_call_id=each.call.id)
            for each in results
        ]
    told = (f"Tool result for {each.call.name}: {each.content}" for each in results)
    return [Message(role="user", content=[TextPart(text="\n".join(told))])]


def _message(role: str, content: str, **further: Any) -> Message:
    return Message(role=role, content=content, **further)


def _in_full(call: ToolCall) -> dict[str, Any]:
    arguments = call.arguments
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    function = {"name": call.name, "arguments": arguments}
    return {"id": call.id, "type": "function", "function": function}
