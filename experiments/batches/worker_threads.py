"""The threads of a batch, the queue they take jobs from, and the clock they wait by."""

import heapq
import threading
import time
from collections.abc import Callable, Iterable


class Clock:
    """The machine's clock. A test supplies a faster one."""

    def now(self) -> float:
        """Return the seconds since an arbitrary moment in the past."""
        return time.monotonic()

    def wait(self, changed: threading.Condition, seconds: float | None) -> None:
        """Wait until `changed`, which the caller holds, is notified, at most `seconds`."""
        changed.wait(seconds)


CLOCK = Clock()


_IMMEDIATELY = float("-inf")


class JobQueue:
    """A queue of job indexes, lowest first; delayed jobs come after all others.

    Times are in seconds on the batch's clock. Callers must hold the batch's lock.
    """

    def __init__(self, places: Iterable[int]) -> None:
        self._places = [(_IMMEDIATELY, place) for place in places]
        heapq.heapify(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def put(self, place: int, not_before: float | None = None) -> None:
        """Add a job: at its own position, or at the end with a delay."""
        heapq.heappush(self._places, (_IMMEDIATELY if not_before is None else not_before, place))

    def wait(self, now: float) -> float:
        """Return the seconds until the next job's turn; the queue must not be empty."""
        return max(0.0, self._places[0][0] - now)

    def take(self) -> int:
        """Remove and return the next job."""
        return heapq.heappop(self._places)[1]


class WorkerThreads:
    """Threads that run the same function until it ends. Callers must hold the batch's lock.

    They are daemon threads: a program can exit while they run.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._at_work: set[threading.Thread] = set()
        self._leaving: set[threading.Thread] = set()

    def __len__(self) -> int:
        return len(self._at_work)

    def hire(self, count: int) -> None:
        """Start `count` more threads."""
        for _ in range(count):
            thread = threading.Thread(target=self._work, name="batch", daemon=True)
            thread.start()
            self._at_work.add(thread)

    def leave(self) -> None:
        """Unregister the calling thread, which is about to end."""
        self._at_work.discard(threading.current_thread())
        self._leaving = {thread for thread in self._leaving if thread.is_alive()}
        self._leaving.add(threading.current_thread())

    def leaving(self) -> frozenset[threading.Thread]:
        """Return threads that have ended, or are about to; join them without the lock."""
        return frozenset(self._leaving)
