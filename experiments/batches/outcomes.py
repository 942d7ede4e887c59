"""The outcome of a job."""

from dataclasses import dataclass
from typing import Literal, get_args

from workers_ai import Finish, ToolCall, Usage

from .serialized_error import KeptError

State = Literal["waiting", "running", "done", "failed", "stopped"]
"""`stopped` is a call that was interrupted: resuming repeats it."""

STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of a job at one moment, in plain values that can be stored as JSON."""

    key: str
    state: State = "waiting"
    text: str = ""
    """The answer, or the part that arrived before it was stopped or failed."""

    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    finish: Finish | None = None
    seconds: float = 0.0
    """How long the last call took, without refused calls and waiting."""

    first_text: float | None = None
    """Seconds from sending the request to the first text, if the answer was streamed."""

    error: KeptError | None = None
    attempts: int = 0
    """How many calls were made for it, including those that the server refused."""

    damaged: int = 0
    """How many events could not be read: the text may have gaps."""

    def reopened(self) -> "Outcome":
        """Return the outcome of the same job, waiting for its next call."""
        return Outcome(self.key, attempts=self.attempts)
