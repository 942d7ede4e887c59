"""One call for a job, from building its request to the end of its answer."""

from dataclasses import dataclass, field

from workers_ai import Chunk, Client, Request, Response, Stop, WorkersAIError
from workers_ai.call_trace import Exchange

from .clock import Clock
from .jobs import Job
from .outcomes import Outcome
from .serialized_error import KeptError


@dataclass(slots=True, eq=False)
class JobCall:
    """A call in flight. It runs in one thread, and another can stop it."""

    job: Job
    place: int
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
        exchange = Exchange()
        self._sent = self.clock.now()
        try:
            answer = self._answer(client, request, exchange)
        finally:
            self.attempts += len(exchange.attempts) + 1
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
            error=KeptError.of(error),
            attempts=self.attempts,
        )

    def _answer(self, client: Client, request: Request, exchange: Exchange) -> Response:
        if not request.stream:
            return client.run(request, stop=self.stop, exchange=exchange)
        parts, last = [], Chunk()
        for last in client.stream(request, stop=self.stop, exchange=exchange):
            if last.text and self._first is None:
                self._first = self.clock.now()
            parts.append(last.text)
        finish = last.finish or "ended_early"
        return Response("".join(parts), last.tool_calls, last.usage, finish, damaged=last.damaged)

    def _since_sent(self, moment: float) -> float:
        return 0.0 if self._sent is None else moment - self._sent
