"""Gemma's chat template, for requests with `raw` (wire.md 8.1)."""

import re
from collections.abc import Iterable

from .messages import Message

_MARKERS = re.compile(r"<(?:start|end)_of_turn>|<(?:start|end)_of_image>|<bos>|<eos>")
_ROLES = {"assistant": "model"}


def gemma_prompt(messages: Iterable[Message], system: str = "") -> str:
    """Return messages as a raw prompt that ends where the model's next turn begins.

    `<bos>` is omitted because engines add it. The template has no system turn: `system` is
    prepended to the first message. Pictures are omitted.
    """
    turns = [(_ROLES.get(message.role or "", "user"), message.text.strip()) for message in messages]
    if not turns or turns[-1][0] == "model":
        turns.append(("user", ""))
    if system.strip():
        role, text = turns[0]
        turns[0] = (role, f"{system.strip()}\n\n{text}")
    written = "".join(f"<start_of_turn>{role}\n{text}<end_of_turn>\n" for role, text in turns)
    return f"{written}<start_of_turn>model\n"


def has_turn_markers(text: str) -> bool:
    """Return whether a text contains turn markers; in a raw prompt they take effect."""
    return bool(_MARKERS.search(text))
