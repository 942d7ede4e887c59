"""The scheduler of a batch: which job is next, and what its outcome is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from workers_ai import WorkersAIError
from workers_ai.error_mapping import wait_before

from .failure_policy import Verdict, rounds_for, verdict_on
from .job import Job, JobCall, Outcome, SerializedError
from .progress import BatchState, Estimate, OutcomeTable
from .throttle import Throttle
from .worker_threads import Clock, JobQueue

LONGEST_PAUSE = 600.0
"""Seconds. If a server asks for a longer wait, the batch stops; the error says how long to wait."""

GIVE_UP_AFTER = {"busy": 600.0, "lost": 60.0}
"""Seconds without an answer after which the batch stops automatically."""

_FIRST_BACKOFF = 0.5


class Scheduler:
    """Decides, but makes no calls itself. Callers must hold the batch's lock."""

    def __init__(
        self, jobs: Sequence[Job], outcomes: Sequence[Outcome], throttle: Throttle, clock: Clock
    ) -> None:
        self.throttle = throttle
        self.ledger = OutcomeTable(outcomes)
        self.calls: set[JobCall] = set()
        """The calls in flight."""

        self.problem: SerializedError | None = None
        self._jobs = jobs
        self._clock = clock
        self._line = JobQueue(self.ledger.indexes("waiting"))
        self._estimate = Estimate(each.seconds for each in outcomes if each.state == "done")
        self._rounds: Counter[int] = Counter()
        self._state: BatchState = "ready"

    @property
    def state(self) -> BatchState:
        """The state of the batch; "done" whenever nothing is left to do."""
        counts = self.ledger.counts()
        left = counts["waiting"] + counts["running"] + counts["stopped"]
        return self._state if left else "done"

    @property
    def turns(self) -> int:
        """How many calls are waiting to start; 0 unless the batch is running."""
        return len(self._line) if self._state == "running" else 0

    def seconds_left(self, now: float) -> float | None:
        """Return an estimate of the remaining time; None before anything is known."""
        counts = self.ledger.counts()
        still = counts["waiting"] + counts["stopped"]
        return self._estimate.left(still, counts["running"], self.throttle, now)

    # Control

    def resume(self) -> None:
        """Allow calls to start; stopped jobs wait again."""
        for place in self.ledger.indexes("stopped"):
            self._put_back(place)
        self._state, self.problem = "running", None
        self._rounds.clear()
        self.throttle.reset_failures()

    def pause(self) -> None:
        """Start no more calls."""
        if self._state == "running":
            self._state = "paused"

    def stop(self) -> None:
        """Start no more calls, and stop those in flight."""
        self._state = "stopped"
        for call in self.calls:
            call.stop.set()

    def retry_failed(self, keys: frozenset[str] | None) -> None:
        """Queue failed jobs again: all, or those with these keys."""
        for place in self.ledger.indexes("failed"):
            if keys is None or self._jobs[place].key in keys:
                self._put_back(place)

    # Calls

    def wait(self, now: float) -> float:
        """Return the seconds until a call may start; infinity if another must end first."""
        return max(self._line.wait(now), self.throttle.wait(len(self.calls), now))

    def begin(self, now: float) -> JobCall:
        """Start the next call."""
        place = self._line.take()
        job, attempts = self._jobs[place], self.ledger[place].attempts
        call = JobCall(job, place, self.throttle.begin(now), attempts, self._clock)
        self.calls.add(call)
        self.ledger.set(place, Outcome(job.key, "running", attempts=attempts))
        return call

    def end(self, call: JobCall, outcome: Outcome) -> Outcome | None:
        """Record the outcome of an answered or stopped call; return it if it is final."""
        self.calls.discard(call)
        if outcome.state == "done":
            self.throttle.answered(call.number)
            self._estimate.add(outcome.seconds)
        if outcome.state == "stopped" and self._state == "running":
            # The batch was resumed before the call had ended.
            self._put_back(call.index, call.attempts)
            return None
        return self._settled(call, outcome)

    def fail(self, call: JobCall, error: WorkersAIError) -> Outcome | None:
        """Record the error of a call; return the outcome if the job has failed."""
        self.calls.discard(call)
        now, verdict = self._clock.now(), verdict_on(error)
        self._inform_throttle(call, verdict, error, now)
        stops = verdict == "meets all" or self._is_hopeless(verdict, error, now)
        if stops:
            self._state = "stopped"
            self.problem = self.problem or self._why_stopped(verdict, error, now)
        rounds = self._rounds[call.index]
        if error.partial or not (stops or rounds < rounds_for(error)):
            return self._settled(call, call.failed(error))
        self._rounds[call.index] += not stops
        # Behind all others, whatever the cause, because the job itself may be at fault.
        wait = _own_wait(error, rounds) if verdict == "own" else 0.0
        self._put_back(call.index, call.attempts, now + wait)
        return None

    def _inform_throttle(
        self, call: JobCall, verdict: Verdict, error: WorkersAIError, now: float
    ) -> None:
        if verdict == "busy":
            self.throttle.refused(call.number, error.retry_after, now)
        elif verdict == "lost" and not error.partial:
            self.throttle.lost(call.number, now)
        elif error.status_code is not None or error.partial:
            self.throttle.answered(call.number)

    def _is_hopeless(self, verdict: Verdict, error: WorkersAIError, now: float) -> bool:
        if verdict not in GIVE_UP_AFTER:
            return False
        too_long = (error.retry_after or 0) > LONGEST_PAUSE
        return too_long or self._is_worn_out(verdict, now)

    def _is_worn_out(self, verdict: Verdict, now: float) -> bool:
        return self.throttle.seconds_failing(now) >= GIVE_UP_AFTER.get(verdict, float("inf"))

    def _why_stopped(self, verdict: Verdict, error: WorkersAIError, now: float) -> SerializedError:
        kept = SerializedError.of(error)
        if self._is_worn_out(verdict, now):
            reason = f"No call was answered for {self.throttle.seconds_failing(now):.0f} s."
        elif verdict in GIVE_UP_AFTER:
            limit = f"which is longer than the limit of {LONGEST_PAUSE:.0f} s"
            reason = f"The server asks to wait {error.retry_after:.0f} s, {limit}."
        else:
            return kept
        return replace(kept, message=f"{kept.message} {reason}")

    def _settled(self, call: JobCall, outcome: Outcome) -> Outcome:
        self._rounds.pop(call.index, None)
        self.ledger.set(call.index, outcome)
        return outcome

    def _put_back(
        self, place: int, attempts: int | None = None, not_before: float | None = None
    ) -> None:
        known = self.ledger[place]
        made = known.attempts if attempts is None else attempts
        self.ledger.set(place, Outcome(known.key, attempts=made))
        self._line.put(place, not_before)


def _own_wait(error: WorkersAIError, rounds: int) -> float:
    """Return the seconds for which one job waits while the others continue."""
    if error.retry_after is not None:
        return min(error.retry_after, LONGEST_PAUSE)
    return wait_before(rounds + 1, None, _FIRST_BACKOFF) or 0.0
