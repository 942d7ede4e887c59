"""Ending a call from another thread, whatever it is waiting for."""

import contextlib
import socket
import threading


class Stop:
    """A switch that one thread sets and another one's call obeys.

    It wakes a wait between retries and shuts the socket, so that a call ends at once even before
    the first byte has come.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def set(self) -> None:
        """End the call. Calling it again does nothing."""
        with self._lock:
            self._event.set()
            if self._socket is not None:
                _shut(self._socket)

    def is_set(self) -> bool:
        """Whether the call is to end, or has been ended."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait, and return whether the wait was ended by `set()`."""
        return self._event.wait(seconds)

    def watch(self, connection: socket.socket | None) -> None:
        """Name the socket that `set()` has to shut; None when the call has let go of it."""
        with self._lock:
            self._socket = connection
            if connection is not None and self._event.is_set():
                _shut(connection)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
