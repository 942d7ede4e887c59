"""The threads of a batch."""

import threading
from collections.abc import Callable


class Crew:
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
