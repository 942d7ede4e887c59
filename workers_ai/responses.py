"""What an answer is made of."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Finish = Literal["done", "length", "ended_early", "stopped", "error"]
"""How an answer ended. The native wire has no `finish_reason`: `length` is inferred from the count
of tokens (wire.md 1.2), `ended_early` is a stream that broke off without `[DONE]` (wire.md 2.1)."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the server counted. In a stream the last one counts, they are never summed."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    neurons: float | None = None
    """Cloudflare's unit of price, when the server reports it (wire.md 1.5)."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for. It is never executed by this package."""

    name: str
    arguments: dict[str, Any] | str
    """The arguments; a string is the model's own text, kept because it is not a JSON object."""

    id: str
    """The server's id, or one made here: native calls carry none (wire.md 1.4)."""


class Chunk(NamedTuple):
    """One step of a streamed answer."""

    text: str = ""
    """The new text, maybe empty."""

    usage: Usage | None = None
    """The latest count, where this step brought one."""

    tool_calls: tuple[ToolCall, ...] = ()
    """All calls, whole, on the last chunk; empty before."""

    finish: Finish | None = None
    """Set on the last chunk only."""

    damaged: int = 0
    """How many events of the stream could not be read so far; on the last chunk."""


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    finish: Finish = "done"
    raw: Any = field(default=None, compare=False)
    """The decoded body as it came."""

    damaged: int = 0
    """How many events of a stream could not be read."""
