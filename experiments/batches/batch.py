"""A batch: many calls in threads of its own, which go on whoever looks at them."""

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Self

from workers_ai import Client, ResponseError, WorkersAIError

from .clock import CLOCK, Clock
from .job_call import JobCall
from .jobs import Job
from .outcomes import Outcome
from .resume import checked_jobs, checked_keys, taken_over
from .saving import Saver
from .scheduler import Course
from .snapshots import BatchSnapshot
from .throttle import Throttle
from .worker_threads import Crew

_BROKEN = "The answer broke off because of a fault in this program."


class Batch:
    """Makes the calls of many jobs with one client, at most `concurrency` at once.

    A server that is busy slows it down, and what may go better the next time is tried again; so
    the client need not (`max_retries=0`). Trouble that would meet every job alike (the day's
    allowance, a wrong token, a retired model, a server that is gone) stops it, with a `problem`;
    the jobs concerned wait again. Any other error is the job's own: that one has failed.

    `known` are outcomes from an earlier time, which are taken over; what was running then waits.
    `on_outcome` gets each outcome that is done, failed or stopped, one at a time, in a thread of
    the batch; what it raises is told in the snapshot, and it is called again later. ValueError,
    with a sentence, is raised for arguments that cannot be used.
    """

    def __init__(
        self,
        client: Client,
        jobs: Iterable[Job],
        *,
        concurrency: int = 4,
        per_minute: int | None = None,
        known: Mapping[str, Outcome] | Iterable[Outcome] = (),
        on_outcome: Callable[[Outcome], None] | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        self._client = client
        self._clock = clock
        self._throttle = Throttle(concurrency, per_minute)
        taken = checked_jobs(jobs)
        self._keys = frozenset(job.key for job in taken)
        self._course = Course(taken, taken_over(taken, known), self._throttle, clock)
        self._saver = Saver(on_outcome, clock)
        self._keeps_saving = True
        self._crew = Crew(self._work)
        self._changed = threading.Condition()
        self._version = 0

    def start(self) -> Self:
        """Begin, or go on with what waits and what was stopped."""
        with self._changed:
            self._course.go_on()
            self._saver.hurry()
            self._keeps_saving = True
            self._tell()
        return self

    def resume(self) -> None:
        """Go on, as `start` does."""
        self.start()

    def pause(self) -> None:
        """Begin no more calls; those under way go on to their end."""
        with self._changed:
            self._course.pause()
            self._tell()

    def stop(self) -> None:
        """Begin no more calls, and end those under way: their connections are shut."""
        with self._changed:
            self._course.stop()
            self._keeps_saving = False
            self._tell()

    def retry_failed(self, keys: Iterable[str] | None = None) -> None:
        """Let jobs wait again that have failed: all, or those of these keys that have.

        One that had come to its end goes on by itself; one that is paused or stopped does not.
        """
        chosen = None if keys is None else checked_keys(keys, self._keys)
        with self._changed:
            self._course.retry_failed(chosen)
            self._tell()

    def set_concurrency(self, concurrency: int) -> None:
        """Change how many calls are made at once. Those above the number go on to their end."""
        with self._changed:
            self._throttle.allow(concurrency)
            self._tell()

    def set_per_minute(self, per_minute: int | None) -> None:
        """Change how many calls begin in a minute; None is as many as there may be."""
        with self._changed:
            self._throttle.allow_per_minute(per_minute)
            self._tell()

    def snapshot(self) -> BatchSnapshot:
        """Return the batch as it is now."""
        with self._changed:
            now = self._clock.now()
            unsaved, save_problem = self._saver.left()
            return BatchSnapshot(
                state=self._course.state,
                counts=self._course.ledger.counts(),
                outcomes=self._course.ledger.outcomes(),
                version=self._version + self._saver.changes,
                pace=self._throttle.pace(now),
                seconds_left=self._course.seconds_left(now),
                problem=self._course.problem,
                unsaved=unsaved,
                save_problem=save_problem,
            )

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is at rest, with no thread left; False when so many seconds are up.

        It is when every job is done or has failed and all outcomes are saved, and also when it is
        paused or stopped and the last call has come to its end.
        """
        with self._changed:
            at_rest = self._changed.wait_for(lambda: not len(self._crew), timeout)
            leaving = self._crew.leaving()
        for thread in leaving if at_rest else ():
            thread.join()
        return at_rest

    def _tell(self) -> None:
        self._version += 1
        self._call_in()

    def _call_in(self) -> None:
        """Have as many threads as there is work for, and wake those that wait."""
        if self._course.turns:
            free = self._throttle.allowed - len(self._crew)
            self._crew.hire(min(free, self._course.turns))
        elif not len(self._crew) and self._has_to_save():
            self._crew.hire(1)
        self._changed.notify_all()

    def _has_to_save(self) -> bool:
        return self._keeps_saving and self._saver.left()[0] > 0

    # In the threads of the batch

    def _work(self) -> None:
        try:
            while task := self._next_task():
                task()
        finally:
            with self._changed:
                self._crew.leave()
                self._call_in()

    def _next_task(self) -> Callable[[], None] | None:
        """Wait until there is something to do, and return it; None if this thread is to leave."""
        with self._changed:
            while True:
                now = self._clock.now()
                if self._course.turns and len(self._crew) <= self._throttle.allowed:
                    if not (wait := self._course.wait(now)):
                        self._version += 1
                        return partial(self._carry_out, self._course.begin(now))
                # The last one stays for what nobody has taken yet.
                elif len(self._crew) == 1 and self._has_to_save():
                    if not (wait := self._saver.wait(now)):
                        return self._saver.save
                else:
                    return None
                self._clock.wait(self._changed, None if wait == float("inf") else wait)

    def _carry_out(self, call: JobCall) -> None:
        try:
            outcome = call.make(self._client)
        except WorkersAIError as error:
            self._fail(call, error)
        else:
            self._end(call, outcome)
        finally:
            if call in self._course.calls:
                self._fail(call, ResponseError(_BROKEN))
        self._saver.save()

    def _end(self, call: JobCall, outcome: Outcome) -> None:
        with self._changed:
            self._keep(self._course.end(call, outcome))

    def _fail(self, call: JobCall, error: WorkersAIError) -> None:
        with self._changed:
            self._keep(self._course.fail(call, error))

    def _keep(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._saver.add(outcome)
        self._tell()
