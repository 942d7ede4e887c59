"""The threads of a batch."""

import threading
from collections.abc import Callable


class Crew:
    """Threads that all do the same work until they leave. Whoever uses it holds the batch's lock.

    They are daemonic: a program may end while they work.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._at_work: set[threading.Thread] = set()
        self._leaving: set[threading.Thread] = set()

    def __len__(self) -> int:
        return len(self._at_work)

    def hire(self, count: int) -> None:
        """Begin so many threads more."""
        for _ in range(count):
            thread = threading.Thread(target=self._work, name="batch", daemon=True)
            thread.start()
            self._at_work.add(thread)

    def leave(self) -> None:
        """Strike off the calling thread, which ends now."""
        self._at_work.discard(threading.current_thread())
        self._leaving = {thread for thread in self._leaving if thread.is_alive()}
        self._leaving.add(threading.current_thread())

    def leaving(self) -> frozenset[threading.Thread]:
        """Return threads that have left, or are about to: to be joined without the lock."""
        return frozenset(self._leaving)
