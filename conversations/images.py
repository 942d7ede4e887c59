"""The bytes of pictures on their way from the database, the latest ones held in memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from .failing import StoreError
from .pictures import Picture

MOST_BYTES = 64 * 1024 * 1024
"""Held in memory, in all."""


class Images:
    """Reads pictures and their small copies by hash. May be used by many threads."""

    def __init__(self, read: Callable[[str, str], bytes | None]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0

    def data(self, sha256: str) -> bytes:
        """Return the picture with this hash, as it is sent."""
        return self._find(sha256, "data")

    def thumbnail(self, sha256: str) -> bytes:
        """Return its small copy."""
        return self._find(sha256, "thumbnail")

    def remember(self, picture: Picture) -> None:
        """Hold a picture that has just been written: it is asked for again at the next send."""
        self._hold((picture.sha256, "data"), picture.data)
        self._hold((picture.sha256, "thumbnail"), picture.thumbnail)

    def forget(self) -> None:
        """Hold nothing any more."""
        with self._lock:
            self._held.clear()
            self._bytes = 0

    def _find(self, sha256: str, column: str) -> bytes:
        key = (sha256, column)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        found = self._read(*key)
        if found is None:
            raise StoreError("A picture of this chat is not in the database any more.")
        self._hold(key, found)
        return found

    def _hold(self, key: tuple[str, str], found: bytes) -> None:
        with self._lock:
            if key not in self._held:
                self._held[key] = found
                self._bytes += len(found)
            while self._bytes > MOST_BYTES:
                _, old = self._held.popitem(last=False)
                self._bytes -= len(old)
