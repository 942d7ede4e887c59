"""Storage of outcomes as they arrive, and resuming a batch from stored ones."""

import threading
from collections.abc import Callable, Iterable, Mapping

from workers_ai.json_values import shown

from .job import Job, Outcome
from .worker_threads import Clock

_FAILURES = 2
"""After this many in one round the store is considered down; one may be due to the outcome."""

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
_NEVER = float("-inf")


class Saver:
    """Passes outcomes to `on_outcome`, one at a time, and retries until it accepts them."""

    def __init__(self, on_outcome: Callable[[Outcome], None] | None, clock: Clock) -> None:
        if not (on_outcome is None or callable(on_outcome)):
            raise ValueError("`on_outcome` must be a function that takes an outcome, or None.")
        self._asked = on_outcome is not None
        self._on_outcome = on_outcome or _forget
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, Outcome] = {}
        self._saving = False
        self._problem = ""
        self._wait = _FIRST_WAIT
        self._due = _NEVER
        self.changes = 0
        """Grows each time one is accepted or refused."""

    def add(self, outcome: Outcome) -> None:
        """Add an outcome to be saved, replacing an older one of the same job."""
        if self._asked:
            with self._lock:
                self._left[outcome.key] = outcome

    def left(self) -> tuple[int, str]:
        """Return how many are not saved yet, and the last error's message."""
        with self._lock:
            return len(self._left), self._problem if self._left else ""

    def wait(self, now: float) -> float:
        """Return the seconds until the next retry; infinity if all are saved."""
        with self._lock:
            return max(0.0, self._due - now) if self._left else float("inf")

    def retry_now(self) -> None:
        """Allow a retry immediately, because someone resumed the batch."""
        with self._lock:
            self._wait, self._due = _FIRST_WAIT, _NEVER

    def save(self) -> None:
        """Save all outcomes, unless another thread is already doing so."""
        with self._lock:
            if self._saving:
                return
            self._saving = True
        tried: dict[str, Outcome] = {}
        failures = 0
        try:
            while (outcome := self._next(tried, failures)) is not None:
                tried[outcome.key] = outcome
                failures += not self._saved(outcome)
        except BaseException:
            with self._lock:
                self._saving = False
            raise

    def _next(self, tried: dict[str, Outcome], failures: int) -> Outcome | None:
        """Return an outcome that this round has not tried; None ends the round."""
        with self._lock:
            fresh = (each for key, each in self._left.items() if tried.get(key) is not each)
            outcome = next(fresh, None) if failures < _FAILURES else None
            # Under the same lock: a thread that adds one next must see that nobody is saving.
            self._saving = outcome is not None
            return outcome

    def _saved(self, outcome: Outcome) -> bool:
        try:
            self._on_outcome(outcome)
        except Exception as error:  # noqa: BLE001 - whatever it is, the outcome must not be lost
            self._refused(outcome, str(error) or type(error).__name__)
            return False
        with self._lock:
            self.changes += 1
            self._wait = _FIRST_WAIT
            # A newer one may have arrived in the meantime.
            if self._left.get(outcome.key) is outcome:
                del self._left[outcome.key]
        return True

    def _refused(self, outcome: Outcome, problem: str) -> None:
        with self._lock:
            self.changes += 1
            self._problem = problem
            self._due = self._clock.now() + self._wait
            self._wait = min(2 * self._wait, _LONGEST_WAIT)
            # To the end, so two that are never accepted do not block the others.
            self._left[outcome.key] = self._left.pop(outcome.key)


def _forget(_outcome: Outcome) -> None:
    """Do nothing; the default for `on_outcome`."""


def checked_jobs(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Return the jobs, or raise ValueError if one is not a job, or two have the same key."""
    given = tuple(jobs)
    seen: set[str] = set()
    for job in given:
        if not isinstance(job, Job):
            raise ValueError(f"{shown(job)} is not a job.")  # noqa: TRY004 - one class for all
        if job.key in seen:
            raise ValueError(f"Two jobs have the key {shown(job.key)}; keys must be unique.")
        seen.add(job.key)
    return given


def checked_keys(keys: Iterable[str], known: frozenset[str]) -> frozenset[str]:
    """Return the keys, or raise ValueError if one belongs to no job."""
    given = frozenset(keys)
    if unknown := sorted(map(str, given - known)):
        raise ValueError(f"No job in this batch has the key {shown(unknown[0])}.")
    return given


def initial_outcomes(
    jobs: Iterable[Job], known: Mapping[str, Outcome] | Iterable[Outcome]
) -> list[Outcome]:
    """Return an outcome for each job, in order. Outcomes of other jobs are omitted."""
    found: dict[str, Outcome] = {}
    for outcome in known.values() if isinstance(known, Mapping) else known:
        if not isinstance(outcome, Outcome):
            # One class for all.
            raise ValueError(f"{shown(outcome)} is not an outcome.")  # noqa: TRY004
        found[outcome.key] = outcome
    return [_at_rest(found.get(job.key) or Outcome(job.key)) for job in jobs]


def _at_rest(outcome: Outcome) -> Outcome:
    return outcome.reopened() if outcome.state == "running" else outcome
