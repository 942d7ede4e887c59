"""Answers and their parts."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Finish = Literal["done", "length", "ended_early", "stopped", "error"]
"""How an answer ended. The native API has no `finish_reason`: `length` is inferred from the token
count (wire.md 1.2), `ended_early` is a stream that ended without `[DONE]` (wire.md 2.1)."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The server's token counts. In a stream the last ones apply; they are never summed."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    neurons: float | None = None
    """Cloudflare's billing unit, if the server reports it (wire.md 1.5)."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model requests. The client never executes it."""

    name: str
    arguments: dict[str, Any] | str
    """The arguments; if they are not a JSON object, the model's own text."""

    id: str
    """The server's id, or one generated here: native calls have none (wire.md 1.4)."""


class Chunk(NamedTuple):
    """One step of a streamed answer."""

    text: str = ""
    """The new text, possibly empty."""

    usage: Usage | None = None
    """The latest counts, if this step has any."""

    tool_calls: tuple[ToolCall, ...] = ()
    """All complete calls, on the last chunk; empty before."""

    finish: Finish | None = None
    """Set on the last chunk only."""

    damaged: int = 0
    """Number of unreadable events of the stream; on the last chunk."""


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    finish: Finish = "done"
    raw: Any = field(default=None, compare=False)
    """The decoded body as received."""

    damaged: int = 0
    """Number of unreadable events of a stream."""
