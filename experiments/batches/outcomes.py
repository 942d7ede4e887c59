"""What has become of a job."""

from dataclasses import dataclass
from typing import Literal, get_args

from workers_ai import Finish, ToolCall, Usage

from .serialized_error import KeptError

State = Literal["waiting", "running", "done", "failed", "stopped"]
"""`stopped` is a call that was ended on the way: going on makes it anew."""

STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A job at one moment, in plain values, so that a store can keep it as JSON."""

    key: str
    state: State = "waiting"
    text: str = ""
    """The answer, or what has come of it before it was stopped or failed."""

    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    finish: Finish | None = None
    seconds: float = 0.0
    """How long the last call took; refused ones and the waits between are not in it."""

    first_text: float | None = None
    """Seconds from sending the request to the first text, if the answer was streamed."""

    error: KeptError | None = None
    attempts: int = 0
    """How many calls were made for it, those that the server refused included."""

    damaged: int = 0
    """Events that could not be read: the text may have gaps."""

    def reopened(self) -> "Outcome":
        """Return the outcome of the same job with its next call to come."""
        return Outcome(self.key, attempts=self.attempts)
