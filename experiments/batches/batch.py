"""A batch: many calls in its own threads, which run whether or not anyone is watching."""

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Self

from workers_ai import Client, ResponseError, WorkersAIError

from .job import Job, JobCall, Outcome
from .outcome_storage import Saver, checked_jobs, checked_keys, initial_outcomes
from .progress import BatchSnapshot
from .scheduler import Scheduler
from .throttle import Throttle
from .worker_threads import CLOCK, Clock, WorkerThreads

_BROKEN = "The answer was cut off by a bug in this program."


class Batch:
    """Makes the calls of many jobs with one client, at most `concurrency` in parallel.

    A busy server slows it down, and errors that may be temporary are retried, so the client need
    not do so (`max_retries=0`). An error that would affect every job (the daily allowance, a wrong
    token, a retired model, an unreachable server) stops the batch and becomes its `problem`; the
    affected jobs wait again. Any other error fails only its own job.

    `known` has outcomes from an earlier batch, which are kept; jobs that were running then wait.
    `on_outcome` gets every done, failed or stopped outcome, one at a time, in a thread of the
    batch; an exception from it appears in the snapshot, and it is called again later. Raises
    ValueError with a sentence for arguments that cannot be used.
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
        checked = checked_jobs(jobs)
        self._keys = frozenset(job.key for job in checked)
        self._course = Scheduler(checked, initial_outcomes(checked, known), self._throttle, clock)
        self._saver = Saver(on_outcome, clock)
        self._keeps_saving = True
        self._crew = WorkerThreads(self._work)
        self._changed = threading.Condition()
        self._version = 0

    def start(self) -> Self:
        """Start, or resume with the waiting and stopped jobs."""
        with self._changed:
            self._course.resume()
            self._saver.retry_now()
            self._keeps_saving = True
            self._notify()
        return self

    def resume(self) -> None:
        """Resume, as `start` does."""
        self.start()

    def pause(self) -> None:
        """Start no more calls; those in flight finish."""
        with self._changed:
            self._course.pause()
            self._notify()

    def stop(self) -> None:
        """Start no more calls, and close the connections of those in flight."""
        with self._changed:
            self._course.stop()
            self._keeps_saving = False
            self._notify()

    def retry_failed(self, keys: Iterable[str] | None = None) -> None:
        """Queue failed jobs again: all, or those with these keys.

        A batch that was done resumes automatically; one that is paused or stopped does not.
        """
        chosen = None if keys is None else checked_keys(keys, self._keys)
        with self._changed:
            self._course.retry_failed(chosen)
            self._notify()

    def set_concurrency(self, concurrency: int) -> None:
        """Change how many calls run in parallel. Calls above the new number finish."""
        with self._changed:
            self._throttle.allow(concurrency)
            self._notify()

    def set_per_minute(self, per_minute: int | None) -> None:
        """Change how many calls start per minute; None means no limit."""
        with self._changed:
            self._throttle.allow_per_minute(per_minute)
            self._notify()

    def snapshot(self) -> BatchSnapshot:
        """Return the current state of the batch."""
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
        """Wait until the batch is idle, with no thread left; return False after `timeout` seconds.

        It is idle when every job is done or has failed and all outcomes are saved, and also when
        it is paused or stopped and the last call has ended.
        """
        with self._changed:
            idle = self._changed.wait_for(lambda: not len(self._crew), timeout)
            leaving = self._crew.leaving()
        for thread in leaving if idle else ():
            thread.join()
        return idle

    def _notify(self) -> None:
        self._version += 1
        self._staff()

    def _staff(self) -> None:
        """Start as many threads as there is work for, and wake the waiting ones."""
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
                self._staff()

    def _next_task(self) -> Callable[[], None] | None:
        """Wait for a task and return it; return None if this thread should end."""
        with self._changed:
            while True:
                now = self._clock.now()
                if self._course.turns and len(self._crew) <= self._throttle.allowed:
                    if not (wait := self._course.wait(now)):
                        self._version += 1
                        return partial(self._carry_out, self._course.begin(now))
                # The last thread stays for outcomes that are not saved yet.
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
        self._notify()
