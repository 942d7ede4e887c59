"""The record of an answer: who wrote it, with which settings, and how it ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from experiments import SerializedError
from workers_ai import Backend, Finish, ResponseError, Snapshot, ToolCall, Usage
from workers_ai.call_trace import Attempt

from .settings import Settings

Kind = Literal["builtin", "cloudflare", "local", "person", "other"]

ENDS: Mapping[Finish, str] = {
    "done": "complete",
    "length": "cut at max_tokens",
    "ended_early": "ended early: the stream broke off",
    "stopped": "stopped",
    "error": "failed",
}
"""How an answer ended, as text to show."""

INTERRUPTED = "The app was stopped while this was written. Up to a second of it may be missing."


@dataclass(frozen=True)
class Maker:
    """Who wrote an answer."""

    kind: Kind
    label: str
    model: str = ""

    @classmethod
    def of(cls, backend: Backend) -> "Maker":
        """Return the maker for answers from a backend."""
        return cls(backend.backend_kind, backend.label, backend.model)


EDITOR = Maker("person", "Edited by hand")
"""The maker of an answer that a person has written in place of the model."""


@dataclass(frozen=True)
class Record:
    """How an answer was produced. Times are in seconds from its start."""

    maker: Maker
    settings: Settings
    begun: int = 0
    """How many characters of the text come from the answer that this one continues."""

    finish: Finish | None = None
    """How it ended; None while it is being written."""

    seconds: float = 0.0
    first_text: float | None = None
    usage: Usage | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    damaged: int = 0
    failure: SerializedError | None = None
    attempts: tuple[Attempt, ...] = ()

    def ended(self, snapshot: Snapshot, attempts: tuple[Attempt, ...] = ()) -> "Record":
        """Return the record, completed from the last snapshot."""
        return replace(
            self,
            finish=snapshot.finish,
            seconds=snapshot.seconds,
            first_text=snapshot.first_text,
            usage=snapshot.usage,
            tool_calls=tuple(map(storable_call, snapshot.tool_calls)),
            damaged=snapshot.damaged,
            failure=SerializedError.of(snapshot.error) if snapshot.error else None,
            attempts=attempts,
        )

    def interrupted(self) -> "Record":
        """Return the record of an answer whose writer has disappeared."""
        return replace(
            self,
            finish="error",
            failure=SerializedError.of(ResponseError(INTERRUPTED)),
            seconds=0.0,
        )

    def without_words(self) -> "Record":
        """Return the record without content, for an answer whose text is erased."""
        return replace(self, begun=0, tool_calls=(), failure=None)

    def snapshot(self, text: str) -> Snapshot:
        """Return the answer's final state, with the part of the text after `begun`."""
        return Snapshot(
            text=text[self.begun :],
            finish=self.finish,
            version=0,
            seconds=self.seconds,
            first_text=self.first_text,
            usage=self.usage,
            tool_calls=self.tool_calls,
            error=self.failure.error() if self.failure else None,
            damaged=self.damaged,
        )


def storable_call(call: ToolCall) -> ToolCall:
    """Return the call with lone surrogates in its arguments replaced."""
    if isinstance(call.arguments, str):
        return replace(call, arguments=well_formed(call.arguments))
    text = well_formed(json.dumps(call.arguments, ensure_ascii=False))
    return replace(call, arguments=json.loads(text))


def well_formed(text: str) -> str:
    """Return the text with lone surrogates replaced, because files cannot contain them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
