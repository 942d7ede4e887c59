"""A switch that ends a call from another thread, whatever it is waiting for."""

import contextlib
import socket
import threading


class Stop:
    """A switch that one thread sets to end a call in another.

    It ends the wait between retries and shuts down the socket, so a call ends immediately, even
    before the first byte arrives.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def set(self) -> None:
        """End the call; further calls have no effect."""
        with self._lock:
            self._event.set()
            if self._socket is not None:
                _shut(self._socket)

    def is_set(self) -> bool:
        """Return whether the call should end or has ended."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait, and return whether `set()` ended the wait."""
        return self._event.wait(seconds)

    def watch(self, connection: socket.socket | None) -> None:
        """Register the socket that `set()` shuts down; None once the call has released it."""
        with self._lock:
            self._socket = connection
            if connection is not None and self._event.is_set():
                _shut(connection)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
