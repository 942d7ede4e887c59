"""The turns of a conversation, as a model's template takes them (wire.md 4.4, 5.3 and 8.1).

A turn is a message with its content always as a list of parts. Gemma 3's template wants user and
assistant in strict alternation, knows no `tool`, and lets the system text stand before the first
turn of the user alone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .changes import Change

Turn = dict[str, Any]
Parts = list[dict[str, Any]]

_ALTERNATE = "the model's template wants turns of user and assistant in alternation"


def turns_of(messages: Iterable[Mapping[str, Any]], changes: list[Change]) -> list[Turn]:
    """Return the messages with their content as lists."""
    turns = []
    for number, message in enumerate(messages):
        content = message.get("content")
        if isinstance(content, dict):
            changes.append(Change(f"messages[{number}].content", "The part became a list of one."))
        turns.append({**message, "content": _parts(content)})
    return turns


def told_tools(turns: Sequence[Turn], changes: list[Change]) -> list[Turn]:
    """Tell calls and their results in the turns of assistant and user."""
    names: dict[str, str] = {}
    told = []
    for number, turn in enumerate(turns):
        names |= {str(call.get("id")): _function(call)["name"] for call in _calls(turn)}
        if turn.get("role") == "tool":
            changes.append(Change(f"messages[{number}]", "The result is told as the user's turn."))
            told.append(_result_turn(turn, names))
        elif turn.get("tool_calls"):
            changes.append(Change(f"messages[{number}].tool_calls", "Told in the turn's text."))
            told.append(_call_turn(turn))
        else:
            told.append(turn)
    return told


def alternating(turns: Sequence[Turn], changes: list[Change], *, own_system: bool) -> list[Turn]:
    """Join turns until user and assistant alternate, beginning with the user.

    A system text goes before the user's next words; with `own_system` the one that opens the
    conversation stays a turn of its own, because templates fold it in the same way.
    """
    shaped = _Alternation(changes)
    opening = int(own_system and _opens_alone(turns))
    for number, turn in enumerate(turns[opening:], start=opening):
        shaped.take(turn, f"messages[{number}]")
    return [*turns[:opening], *shaped.finished()]


class _Alternation:
    """Turns that alternate so far, and the system text that waits for the user's next words."""

    def __init__(self, changes: list[Change]) -> None:
        self._turns: list[Turn] = []
        self._waiting: Parts = []
        self._changes = changes

    def take(self, turn: Turn, place: str) -> None:
        """Add a turn of the conversation."""
        role = turn.get("role")
        if role == "system":
            self._waiting = _joined(self._waiting, turn["content"])
            sentence = "The system text was put before the user's next words."
            self._changes.append(Change(place, sentence))
            return
        if role == "assistant" and (self._waiting or not self._turns):
            sentence = f"A turn of the user was put before it: {_ALTERNATE}."
            self._changes.append(Change(place, sentence))
            self._add({"role": "user", "content": self._taken(_parts(""))})
        content = self._taken(turn["content"]) if role == "user" else turn["content"]
        if self._add({**turn, "content": content}):
            self._changes.append(Change(place, f"Joined to the turn before: {_ALTERNATE}."))

    def finished(self) -> list[Turn]:
        """Return all turns; a system text that nothing follows is the user's."""
        if self._waiting:
            self._add({"role": "user", "content": self._taken([])})
        return self._turns

    def _taken(self, content: Parts) -> Parts:
        waiting, self._waiting = self._waiting, []
        return _joined(waiting, content)

    def _add(self, turn: Turn) -> bool:
        """Append a turn, or join it to one of the same role; whether it was joined."""
        before = self._turns[-1] if self._turns else {}
        if turn.get("role") in {"user", "assistant"} and turn["role"] == before.get("role"):
            content = _joined(before["content"], turn["content"])
            self._turns[-1] = {**before, "content": content}
            return True
        self._turns.append(turn)
        return False


def text_of(parts: Parts) -> str:
    """Return the texts of a content, on lines of their own."""
    return "\n".join(part["text"] for part in parts if isinstance(part.get("text"), str))


def image_url(part: Mapping[str, Any]) -> str | None:
    """Return the data URI of a part, if it is a picture."""
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, dict) else None
    return url if isinstance(url, str) else None


def called(turn: Turn) -> Iterator[tuple[str, str, Any]]:
    """Yield id, name and arguments of the calls in a turn, in whichever shape they were given."""
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
    """Drop the calls; the text has them already if `call_message` made the turn."""
    kept = {name: value for name, value in turn.items() if name != "tool_calls"}
    text = text_of(turn["content"])
    told = [_function(call) for call in _calls(turn)]
    if all(f'"{call["name"]}"' in text for call in told):
        return kept
    written = json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False)
    return {**kept, "content": _parts(f"{text}\n{written}" if text else written)}


def _result_turn(turn: Turn, names: Mapping[str, str]) -> Turn:
    name = turn.get("name") or names.get(str(turn.get("tool_call_id")), "")
    about = f" for {name}" if name else ""
    return {"role": "user", "content": _parts(f"Tool result{about}: {text_of(turn['content'])}")}


def _opens_alone(turns: Sequence[Turn]) -> bool:
    """Whether the conversation opens with one system text, and the user speaks next."""
    roles = [turn.get("role") for turn in turns[:2]]
    return roles == ["system", "user"] and not any(map(image_url, turns[0]["content"]))


def _joined(before: Parts, after: Parts) -> Parts:
    if not (before and after and _is_text(before[-1]) and _is_text(after[0])):
        return [*before, *after]
    text = "\n\n".join(filter(None, (before[-1]["text"], after[0]["text"])))
    return [*before[:-1], {"type": "text", "text": text}, *after[1:]]


def _is_text(part: Mapping[str, Any]) -> bool:
    return isinstance(part.get("text"), str) and image_url(part) is None
