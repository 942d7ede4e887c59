"""The two places where conversations are: the database, and this process's memory."""

import threading
import time

from .failing import StoreError
from .opening import MEMORY
from .store import Store

UNDO_TIME = 3600.0
"""Seconds in which what was deleted can be brought back; after that it is erased."""

TEMPORARY_TIME = 24 * 3600.0
"""Seconds that a temporary conversation is held in memory after its last change."""

TIDY_EVERY = 600.0
"""Seconds between two looks for what is to be erased."""


class Stores:
    """A store in memory, and the one at an address, if it can be opened.

    `problem` says why nothing can be saved, or "". `notice` is what opening had to tell.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._opening = threading.Lock()
        self._closed = threading.Event()
        self.temporary = Store(MEMORY)
        self.kept: Store | None = None
        self.problem = ""
        self.notice = ""
        self.open_database()
        threading.Thread(target=self._tidy_from_time_to_time, name="tidy", daemon=True).start()

    def close(self) -> None:
        """Close all connections."""
        self._closed.set()
        for store in self.all():
            store.close()

    def all(self) -> list[Store]:
        """Return both, memory first: what could not be saved goes on there."""
        return [store for store in (self.temporary, self.kept) if store]

    def database(self) -> Store:
        """Return the one that keeps; raises `StoreError` if there is none now."""
        if self.kept is None:
            raise StoreError(self.problem)
        return self.kept

    def open_database(self) -> None:
        """Open the database, or find out why that cannot be done now; it may be asked again."""
        with self._opening:
            try:
                if self.kept is None:
                    self.kept = Store(self._url)
                    self.notice = self.kept.notice
                self.tidy()
            except StoreError as error:
                self.problem = str(error)
            else:
                self.problem = ""

    def tidy(self) -> None:
        """Erase for good what was deleted more than an hour ago, and old temporary ones."""
        now = time.time()
        if self.kept:
            self.kept.erase_deleted(now - UNDO_TIME)
        self.temporary.erase_older(now - TEMPORARY_TIME)

    def _tidy_from_time_to_time(self) -> None:
        while not self._closed.wait(TIDY_EVERY):
            self.open_database()
