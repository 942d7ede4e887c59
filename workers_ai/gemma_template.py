"""Gemma's own format of a conversation, for requests with `raw` (wire.md 8.1)."""

import re
from collections.abc import Iterable

from .messages import Message

_MARKS = re.compile(r"<(?:start|end)_of_turn>|<(?:start|end)_of_image>|<bos>|<eos>")
_ROLES = {"assistant": "model"}


def gemma_prompt(messages: Iterable[Message], system: str = "") -> str:
    """Write messages as the raw prompt that asks for the model's next turn.

    It begins without `<bos>`, which engines add themselves, and ends where the model goes on. There
    is no system turn: `system` stands before the first message. Pictures have no place in it.
    """
    turns = [(_ROLES.get(message.role or "", "user"), message.text.strip()) for message in messages]
    if not turns or turns[-1][0] == "model":
        turns.append(("user", ""))
    if system.strip():
        role, text = turns[0]
        turns[0] = (role, f"{system.strip()}\n\n{text}")
    told = "".join(f"<start_of_turn>{role}\n{text}<end_of_turn>\n" for role, text in turns)
    return f"{told}<start_of_turn>model\n"


def has_gemma_marks(text: str) -> bool:
    """Whether a text has control words of the format, which a raw prompt does not send as text."""
    return bool(_MARKS.search(text))
