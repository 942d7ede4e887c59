"""The conversation in a request body, as the built-in model reads it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

_TURN = re.compile(r"<start_of_turn>(\w+)\n?(.*?)(?:<end_of_turn>\n?|\Z)", re.DOTALL)
_GOES_ON = re.compile(
    r"\W*(please )?(continue|go on|keep going|carry on)\b[^.?!]{0,40}\W*", re.IGNORECASE
)
TOKENS_PER_TURN = 5
"""Tokens of the markers around a turn, as in Gemma's template."""

TOKENS_PER_IMAGE = 260
"""Tokens of a picture: 256 and the markers around it (wire.md 4.2)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message."""

    role: str
    text: str
    images: tuple[str, ...] = ()
    """The data URIs of its pictures, in order."""

    name: str = ""
    """The tool's name, for a message with a tool's result."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A parsed prompt."""

    turns: tuple[Turn, ...]
    """All messages except system messages and an answer to continue."""

    system: str = ""
    prefill: str = ""
    """The beginning of the answer, if the last message is the assistant's."""

    plain: bool = False
    """A raw prompt without turn markers: text to continue, not a question to answer."""

    all_turns: tuple[Turn, ...] = field(default=(), repr=False)
    """Every message as received, for counting."""

    @property
    def question(self) -> str:
        """The last question."""
        return next((turn.text for turn in reversed(self.turns) if turn.role == "user"), "")

    @property
    def earlier(self) -> list[str]:
        """The person's earlier messages, newest first."""
        return [turn.text for turn in reversed(self.turns) if turn.role == "user"][1:]

    @property
    def said(self) -> list[str]:
        """The answers so far."""
        return [turn.text for turn in self.turns if turn.role == "assistant"]

    @property
    def images(self) -> tuple[str, ...]:
        """The pictures of the newest message with pictures."""
        return next((turn.images for turn in reversed(self.turns) if turn.images), ())


def read_conversation(body: Mapping[str, Any]) -> Conversation:
    """Parse the body of a request that was validated against the schema."""
    if "messages" in body:
        return _conversation([_turn(message) for message in body["messages"]])
    prompt = str(body["prompt"])
    if not body.get("raw"):
        return _conversation([Turn("user", prompt)])
    turns = _marked(prompt)
    if turns:
        return _conversation(turns)
    return Conversation((), prefill=prompt, plain=True, all_turns=(Turn("user", prompt),))


def _conversation(turns: list[Turn]) -> Conversation:
    system = "\n".join(turn.text for turn in turns if turn.role == "system")
    spoken = [turn for turn in turns if turn.role != "system"]
    prefill = spoken.pop().text if _unfinished(spoken) else ""
    if not prefill and _asks_to_go_on(spoken):
        prefill, spoken = spoken[-2].text, spoken[:-2]
    return Conversation(tuple(spoken), system, prefill, all_turns=tuple(turns))


def _unfinished(spoken: list[Turn]) -> bool:
    return bool(spoken) and spoken[-1].role == "assistant"


def _asks_to_go_on(spoken: list[Turn]) -> bool:
    return (
        len(spoken) > 2  # noqa: PLR2004 - a question, an answer, and a request for more
        and spoken[-2].role == "assistant"
        and _GOES_ON.fullmatch(spoken[-1].text) is not None
    )


def _turn(message: Mapping[str, Any]) -> Turn:
    content = message.get("content", "")
    parts = [content] if isinstance(content, Mapping) else content
    turn = Turn(str(message.get("role", "user")), "", name=str(message.get("name", "")))
    if isinstance(parts, str):
        return replace(turn, text=parts)
    return replace(turn, text=_text(parts), images=tuple(_images(parts)))


def _text(parts: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(str(part["text"]) for part in parts if "text" in part)


def _images(parts: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for part in parts:
        url = (part.get("image_url") or {}).get("url")
        if url:
            yield str(url)


def _marked(prompt: str) -> list[Turn]:
    turns = [Turn(_role(role), text) for role, text in _TURN.findall(prompt)]
    if turns and turns[-1].role == "assistant" and not turns[-1].text:
        turns.pop()
    return turns


def _role(name: str) -> str:
    return "assistant" if name == "model" else name
