"""Tool calls: assembled from the wire (wire.md 1.4, 2C), and as messages with results (5.3).

They arrive flat or in OpenAI's shape, complete or in fragments, arguments as an object or as text.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from .json_values import nesting
from .messages import Message, TextPart
from .responses import ToolCall

DEEPEST_ARGUMENTS = 150
"""Levels of lists and objects in arguments. Deeper ones stay text: some JSON parsers fail on
them."""


@dataclass(slots=True)
class _Draft:
    id: str = ""
    name: str = ""
    arguments: str = ""

    def add(self, entry: dict[str, Any]) -> None:
        call = _function(entry)
        self.id = self.id or _text(entry.get("id"))
        self.name = self.name or _text(call.get("name"))
        self.arguments += _text(call.get("arguments"))

    def goes_on_with(self, entry: dict[str, Any]) -> bool:
        """Return whether an entry belongs to this call; some servers number every call 0."""
        named = self.name and _function(entry).get("name")
        other = entry.get("id") and self.id and entry["id"] != self.id
        return not (named and other)


class ToolCallAssembler:
    """The `tool_calls` entries of one answer, in the order in which the calls began."""

    def __init__(self) -> None:
        self._drafts: list[_Draft] = []
        self._open: dict[int, _Draft] = {}
        self._closed: set[int] = set()

    def add(self, entries: Any) -> None:
        """Add the `tool_calls` of one event or body; anything but a list of objects is ignored."""
        if isinstance(entries, list):
            for entry in entries:
                if isinstance(entry, dict):
                    self._take(entry)

    def calls(self) -> tuple[ToolCall, ...]:
        """Return the calls so far. Arguments that are not a JSON object stay text."""
        calls: list[ToolCall] = []
        for draft in self._drafts:
            if draft.name or draft.arguments:
                taken = {call.id for call in calls}
                calls.append(_finished(draft, len(calls), taken))
        return tuple(calls)

    def _take(self, entry: dict[str, Any]) -> None:
        index = entry.get("index")
        if not isinstance(index, int):
            self._start(entry, None)
            return
        if _is_empty(entry):
            self._closed.add(index)
            return
        draft = self._open.get(index)
        # An empty fragment can also be the first of the arguments: then no name follows it.
        ended = index in self._closed and _begins(entry)
        if draft is None or ended or not draft.goes_on_with(entry):
            self._start(entry, index)
        else:
            draft.add(entry)

    def _start(self, entry: dict[str, Any], index: int | None) -> None:
        draft = _Draft()
        draft.add(entry)
        self._drafts.append(draft)
        if index is not None:
            self._open[index] = draft
            self._closed.discard(index)


def _function(entry: dict[str, Any]) -> dict[str, Any]:
    function = entry.get("function")
    return function if isinstance(function, dict) else entry


def _is_empty(entry: dict[str, Any]) -> bool:
    return not (_begins(entry) or _function(entry).get("arguments"))


def _begins(entry: dict[str, Any]) -> bool:
    return bool(entry.get("id") or _function(entry).get("name"))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _finished(draft: _Draft, position: int, taken: set[str]) -> ToolCall:
    own = hashlib.sha256(f"{position}\0{draft.name}\0{draft.arguments}".encode("utf-8", "replace"))
    call_id = draft.id if draft.id and draft.id not in taken else f"call_{own.hexdigest()[:12]}"
    return ToolCall(draft.name, _arguments(draft.arguments), call_id)


def _arguments(text: str) -> dict[str, Any] | str:
    if not text.strip():
        return {}
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text
    if not isinstance(value, dict) or nesting(value) > DEEPEST_ARGUMENTS:
        return text
    return value


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and infinities: Python parses them, but they are not JSON."""
    raise ValueError(constant)


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
