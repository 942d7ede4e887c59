"""The two stores for conversations: the database, and this process's memory."""

import threading
import time

from .database import MEMORY
from .store import Store
from .store_errors import StoreError

UNDO_TIME = 3600.0
"""Seconds during which deleted items can be restored; after that they are erased."""

TEMPORARY_TIME = 24 * 3600.0
"""Seconds that a temporary conversation stays in memory after its last change."""

TIDY_EVERY = 600.0
"""Seconds between two cleanups."""


class Stores:
    """A store in memory, and the one at a URL, if it can be opened.

    `problem` is the reason nothing can be saved, or "". `notice` is a sentence about how the
    database was opened, or "".
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
        """Return both, memory first: a conversation that could not be saved continues there."""
        return [store for store in (self.temporary, self.kept) if store]

    def database(self) -> Store:
        """Return the database's store; raises `StoreError` if it is not open."""
        if self.kept is None:
            raise StoreError(self.problem)
        return self.kept

    def open_database(self) -> None:
        """Open the database, or set `problem` if that fails; can be called again."""
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
        """Permanently erase what was deleted over an hour ago, and old temporary conversations."""
        now = time.time()
        if self.kept:
            self.kept.erase_deleted(now - UNDO_TIME)
        self.temporary.erase_older(now - TEMPORARY_TIME)

    def _tidy_from_time_to_time(self) -> None:
        while not self._closed.wait(TIDY_EVERY):
            self.open_database()
