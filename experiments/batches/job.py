"""A job of a batch: its call, its outcome, and its error in a form that can be stored."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from pydantic import ValidationError

from workers_ai import (
    Chunk,
    Client,
    Fault,
    Finish,
    InvalidRequestError,
    Request,
    Response,
    Stop,
    ToolCall,
    Usage,
    WorkersAIError,
)
from workers_ai.call_trace import CallTrace
from workers_ai.json_values import shown
from workers_ai.validation import faults

from .worker_threads import Clock


@dataclass(frozen=True, slots=True)
class SerializedError:
    """The serializable content of an error."""

    name: str
    """The name of its class."""

    message: str
    status_code: int | None = None
    code: int | None = None
    retry_after: float | None = None
    """Seconds, as the server asked."""

    @classmethod
    def of(cls, error: WorkersAIError) -> "SerializedError":
        """Return the content of an error."""
        name = type(error).__name__
        return cls(name, error.message, error.status_code, error.code, error.retry_after)

    def error(self) -> WorkersAIError:
        """Return the error, in its original class if that can be built from these fields."""
        if self.name == InvalidRequestError.__name__:
            return InvalidRequestError([Fault("", self.message)])
        kind = _below(WorkersAIError).get(self.name, WorkersAIError)
        return kind(
            self.message,
            status_code=self.status_code,
            code=self.code,
            retry_after=self.retry_after,
        )

    def __str__(self) -> str:
        return self.message


def _below(kind: type[WorkersAIError]) -> dict[str, type[WorkersAIError]]:
    """Return a class and its subclasses that have the same constructor, by name."""
    found = {kind.__name__: kind} if kind.__init__ is WorkersAIError.__init__ else {}
    for narrower in kind.__subclasses__():
        found |= _below(narrower)
    return found


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

    error: SerializedError | None = None
    attempts: int = 0
    """How many calls were made for it, including those that the server refused."""

    damaged: int = 0
    """How many events could not be read: the text may have gaps."""

    def reopened(self) -> "Outcome":
        """Return the outcome of the same job, waiting for its next call."""
        return Outcome(self.key, attempts=self.attempts)


@dataclass(frozen=True, slots=True)
class Job:
    """One call to make. Raises ValueError for a field of the wrong type."""

    key: str
    """Identifies its outcome; unique in a batch."""

    request: Callable[[], Request]
    """Builds the request in a thread of the batch, again for each call; it is not kept afterwards.

    If it raises an exception, the job fails for that reason.
    """

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not self.key:
            raise _refusal(f"its key must be a non-empty string, not {shown(self.key)}")
        if not callable(self.request):
            raise _refusal(f"the job {shown(self.key)} needs a function that makes its request")

    def make(self) -> Request:
        """Return the request, or raise a `WorkersAIError` whose message is a sentence."""
        try:
            request = self.request()
        except WorkersAIError:
            raise
        except ValidationError as error:
            raise InvalidRequestError(faults(error)) from None
        except OSError as error:
            # Not the whole text, which can reveal paths on this machine.
            raise _not_made(error.strerror or "a file could not be read") from None
        except Exception as error:  # noqa: BLE001 - a store's own errors are not known here
            raise _not_made(str(error) or type(error).__name__) from None
        if not isinstance(request, Request):
            raise _not_made("the function returned neither a ChatRequest nor a PromptRequest")
        return request


def _not_made(reason: str) -> WorkersAIError:
    return WorkersAIError(f"The request could not be built: {reason.rstrip('.')}.")


def _refusal(sentence: str) -> ValueError:
    return ValueError(f"This is not a valid job: {sentence}.")


@dataclass(slots=True, eq=False)
class JobCall:
    """A call in flight. It runs in one thread, and another can stop it."""

    job: Job
    index: int
    """The index of the job in its batch."""

    number: int
    """Its number in the throttle."""

    attempts: int
    """How many calls were made for the job, including this one once it has been sent."""

    clock: Clock
    stop: Stop = field(default_factory=Stop)
    _sent: float | None = None
    _first: float | None = None

    def make(self, client: Client) -> Outcome:
        """Make the call and return its outcome, or raise a `WorkersAIError`."""
        request = self.job.make()
        if self.stop.is_set():
            return Outcome(self.job.key, "stopped", attempts=self.attempts)
        trace = CallTrace()
        self._sent = self.clock.now()
        try:
            answer = self._answer(client, request, trace)
        finally:
            self.attempts += len(trace.attempts) + 1
        return Outcome(
            self.job.key,
            "stopped" if answer.finish == "stopped" else "done",
            answer.text,
            answer.tool_calls,
            answer.usage,
            answer.finish,
            self._since_sent(self.clock.now()),
            None if self._first is None else self._since_sent(self._first),
            attempts=self.attempts,
            damaged=answer.damaged,
        )

    def failed(self, error: WorkersAIError) -> Outcome:
        """Return the outcome of a call that ended with this error."""
        return Outcome(
            self.job.key,
            "failed",
            error.partial,
            seconds=self._since_sent(self.clock.now()),
            first_text=None if self._first is None else self._since_sent(self._first),
            error=SerializedError.of(error),
            attempts=self.attempts,
        )

    def _answer(self, client: Client, request: Request, trace: CallTrace) -> Response:
        if not request.stream:
            return client.run(request, stop=self.stop, trace=trace)
        parts, last = [], Chunk()
        for last in client.stream(request, stop=self.stop, trace=trace):
            if last.text and self._first is None:
                self._first = self.clock.now()
            parts.append(last.text)
        finish = last.finish or "ended_early"
        return Response("".join(parts), last.tool_calls, last.usage, finish, damaged=last.damaged)

    def _since_sent(self, moment: float) -> float:
        return 0.0 if self._sent is None else moment - self._sent
