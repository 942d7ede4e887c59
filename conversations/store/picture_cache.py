"""The bytes of pictures, read from the database; the latest ones are cached in memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from ..picture import Picture
from .store_errors import StoreError

MOST_BYTES = 64 * 1024 * 1024
"""The size of the cache."""


class Images:
    """Reads pictures and thumbnails by hash. Safe to use from many threads."""

    def __init__(self, read: Callable[[str, str], bytes | None]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0

    def data(self, sha256: str) -> bytes:
        """Return the picture with this hash, in the form that is sent."""
        return self._find(sha256, "data")

    def thumbnail(self, sha256: str) -> bytes:
        """Return the thumbnail of the picture with this hash."""
        return self._find(sha256, "thumbnail")

    def remember(self, picture: Picture) -> None:
        """Cache a picture that has just been written: the next request reads it again."""
        self._hold((picture.sha256, "data"), picture.data)
        self._hold((picture.sha256, "thumbnail"), picture.thumbnail)

    def forget(self) -> None:
        """Empty the cache."""
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
            raise StoreError("A picture in this chat is no longer in the database.")
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
