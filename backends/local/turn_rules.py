"""The turns of a conversation, in the form a model's template accepts (wire.md 4.4, 5.3 and 8.1).

A turn is a message whose content is always a list of parts. Gemma 3's template requires user and
assistant to alternate strictly, has no `tool` role, and allows a system text only before the first
user turn.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .changes import Change

Turn = dict[str, Any]
Parts = list[dict[str, Any]]

_ALTERNATE = "the model's template requires user and assistant turns to alternate"


def to_turns(messages: Iterable[Mapping[str, Any]], changes: list[Change]) -> list[Turn]:
    """Return the messages with their content as lists of parts."""
    turns = []
    for number, message in enumerate(messages):
        content = message.get("content")
        if isinstance(content, dict):
            changes.append(Change(f"messages[{number}].content", "The part became a list."))
        turns.append({**message, "content": _parts(content)})
    return turns


def tools_as_text(turns: Sequence[Turn], changes: list[Change]) -> list[Turn]:
    """Return the turns with calls and results written as text of assistant and user."""
    names: dict[str, str] = {}
    written = []
    for number, turn in enumerate(turns):
        names |= {str(call.get("id")): _function(call)["name"] for call in _calls(turn)}
        if turn.get("role") == "tool":
            changes.append(Change(f"messages[{number}]", "The result became a user turn."))
            written.append(_result_turn(turn, names))
        elif turn.get("tool_calls"):
            changes.append(
                Change(f"messages[{number}].tool_calls", "Written into the turn's text.")
            )
            written.append(_call_turn(turn))
        else:
            written.append(turn)
    return written


def alternate_roles(
    turns: Sequence[Turn], changes: list[Change], *, own_system: bool
) -> list[Turn]:
    """Join turns so that user and assistant alternate, starting with the user.

    A system text goes before the user's next text; with `own_system`, the one that opens the
    conversation stays a separate turn, because templates fold it in the same way.
    """
    shaped = _Alternation(changes)
    opening = int(own_system and _opens_alone(turns))
    for number, turn in enumerate(turns[opening:], start=opening):
        shaped.take(turn, f"messages[{number}]")
    return [*turns[:opening], *shaped.finished()]


class _Alternation:
    """Turns that alternate so far, and the pending system text for the user's next turn."""

    def __init__(self, changes: list[Change]) -> None:
        self._turns: list[Turn] = []
        self._waiting: Parts = []
        self._changes = changes

    def take(self, turn: Turn, path: str) -> None:
        """Add a turn of the conversation."""
        role = turn.get("role")
        if role == "system":
            self._waiting = _joined(self._waiting, turn["content"])
            sentence = "The system text was put before the user's next text."
            self._changes.append(Change(path, sentence))
            return
        if role == "assistant" and (self._waiting or not self._turns):
            sentence = f"A user turn was put before it: {_ALTERNATE}."
            self._changes.append(Change(path, sentence))
            self._add({"role": "user", "content": self._taken(_parts(""))})
        content = self._taken(turn["content"]) if role == "user" else turn["content"]
        if self._add({**turn, "content": content}):
            self._changes.append(Change(path, f"Joined to the previous turn: {_ALTERNATE}."))

    def finished(self) -> list[Turn]:
        """Return all turns; a system text at the end becomes a user turn."""
        if self._waiting:
            self._add({"role": "user", "content": self._taken([])})
        return self._turns

    def _taken(self, content: Parts) -> Parts:
        waiting, self._waiting = self._waiting, []
        return _joined(waiting, content)

    def _add(self, turn: Turn) -> bool:
        """Append a turn, or join it to one of the same role; return whether it was joined."""
        before = self._turns[-1] if self._turns else {}
        if turn.get("role") in {"user", "assistant"} and turn["role"] == before.get("role"):
            content = _joined(before["content"], turn["content"])
            self._turns[-1] = {**before, "content": content}
            return True
        self._turns.append(turn)
        return False


def text_of(parts: Parts) -> str:
    """Return the texts of the parts, one per line."""
    return "\n".join(part["text"] for part in parts if isinstance(part.get("text"), str))


def image_url(part: Mapping[str, Any]) -> str | None:
    """Return the data URI of a part, if it is a picture."""
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, dict) else None
    return url if isinstance(url, str) else None


def calls_in(turn: Turn) -> Iterator[tuple[str, str, Any]]:
    """Yield id, name and arguments of the calls in a turn, whatever their shape."""
    for number, call in enumerate(_calls(turn)):
        function = _function(call)
        yield call.get("id") or f"call_{number}", function["name"], function["arguments"]


def _parts(content: Any) -> Parts:
    if content is None:
        return []
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [content] if isinstance(content, dict) else list(content)


def _calls(turn: Turn) -> list[dict[str, Any]]:
    calls = turn.get("tool_calls")
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def _function(call: Mapping[str, Any]) -> dict[str, Any]:
    function = call.get("function")
    given = function if isinstance(function, dict) else call
    return {"name": str(given.get("name", "")), "arguments": given.get("arguments", {})}


def _call_turn(turn: Turn) -> Turn:
    """Write the calls into the text, unless it has them because `call_message` made the turn."""
    kept = {name: value for name, value in turn.items() if name != "tool_calls"}
    text = text_of(turn["content"])
    calls = [_function(call) for call in _calls(turn)]
    if all(f'"{call["name"]}"' in text for call in calls):
        return kept
    written = json.dumps(calls[0] if len(calls) == 1 else calls, ensure_ascii=False)
    return {**kept, "content": _parts(f"{text}\n{written}" if text else written)}


def _result_turn(turn: Turn, names: Mapping[str, str]) -> Turn:
    name = turn.get("name") or names.get(str(turn.get("tool_call_id")), "")
    about = f" for {name}" if name else ""
    return {"role": "user", "content": _parts(f"Tool result{about}: {text_of(turn['content'])}")}


def _opens_alone(turns: Sequence[Turn]) -> bool:
    """Return whether the conversation opens with one system text, and the user speaks next."""
    roles = [turn.get("role") for turn in turns[:2]]
    return roles == ["system", "user"] and not any(map(image_url, turns[0]["content"]))


def _joined(before: Parts, after: Parts) -> Parts:
    if not (before and after and _is_text(before[-1]) and _is_text(after[0])):
        return [*before, *after]
    text = "\n\n".join(filter(None, (before[-1]["text"], after[0]["text"])))
    return [*before[:-1], {"type": "text", "text": text}, *after[1:]]


def _is_text(part: Mapping[str, Any]) -> bool:
    return isinstance(part.get("text"), str) and image_url(part) is None
