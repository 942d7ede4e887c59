"""The transfer of an answer from the thread that makes it to the event loop that sends it."""

import asyncio
import threading
from collections import deque
from collections.abc import Sequence

import httpx
from starlette.types import Message, Send

from workers_ai import Stop, wire_writing

Headers = Sequence[tuple[bytes, bytes]]

MAX_UNSENT_BYTES = 1024 * 1024
"""Bytes that may wait for a slow reader before the writer must wait too."""

_MOMENT = 0.005
"""Seconds for the first piece to be sent before the next is written."""


class ClientLeftError(Exception):
    """The client no longer reads the answer."""


class StreamBridge:
    """An answer in transfer: written by one thread, sent by one task, in order.

    Data written while the loop is busy is sent in one piece: a single waiting token wakes the loop,
    a hundred waiting tokens wake it once. There is no lock: each side changes only its own state,
    and the deque's ends are atomic.
    """

    def __init__(self, stop: Stop, headers: Headers = ()) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = stop
        self._own_headers = headers
        self._pieces: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self._is_notified = False
        self._room = threading.Event()
        self._written = self._taken = 0
        self._last = b""
        self._head: tuple[int, Headers] | None = None
        self._has_left = self._is_complete = False

    # In the writing thread

    def start(self, status: int, headers: Headers) -> None:
        """Start an answer whose bytes are written later."""
        self._head = (status, headers)
        self._notify()

    def write(self, data: bytes) -> None:
        """Pass on some bytes, and wait while too many are unsent.

        Raises `ClientLeftError` if the client has left.
        """
        is_first = self._written == 0
        self._room.clear()
        self._pieces.append(data)
        self._last = data
        self._written += len(data)
        if not self._is_notified:
            self._notify()
        if is_first:
            # A writer that computes would keep the loop from sending the first piece.
            self._room.wait(_MOMENT)
        while self._written - self._taken > MAX_UNSENT_BYTES and not self._has_left:
            self._room.clear()
            if self._written - self._taken > MAX_UNSENT_BYTES and not self._has_left:
                self._room.wait()
        if self._has_left:
            raise ClientLeftError

    def answer(self, response: httpx.Response) -> None:
        """Answer in one piece or, if a stream has begun, with an event for the errors."""
        content = response.content
        if self._head is not None:
            # A truncated event must not swallow this one.
            begun = b"" if self._last.endswith(b"\n\n") else b"\n\n"
            errors = response.json()["errors"]
            # Cloudflare's libraries look for the list, OpenAI's for the single error.
            content = begun + wire_writing.event({"errors": errors, "error": errors[0]})
        else:
            headers = [(name.lower(), value) for name, value in response.headers.raw]
            self._head = (response.status_code, headers)
        self._pieces.append(content)
        self._notify()

    # In the event loop

    def complete(self) -> None:
        """Note that the writing thread is done."""
        self._is_complete = True
        self._arrived.set()

    def abandon(self) -> None:
        """Note that the client has left, and stop the work on the answer."""
        self._has_left = True
        self._stop.set()
        self._room.set()
        self._arrived.set()

    async def send(self, send: Send) -> None:
        """Send the answer as it arrives, until it is complete or the client has left."""
        begun = False
        while not self._has_left:
            await self._arrived.wait()
            self._arrived.clear()
            self._is_notified = False
            complete, body = self._is_complete, self._waiting()
            if not begun and self._head is not None:
                await send(self._start_message(*self._head))
                begun = True
            if begun and (body or complete):
                more = not complete
                await send({"type": "http.response.body", "body": body, "more_body": more})
            if complete:
                return

    def _waiting(self) -> bytes:
        """Remove and return all waiting bytes."""
        taken = [self._pieces.popleft() for _ in range(len(self._pieces))]
        body = taken[0] if len(taken) == 1 else b"".join(taken)
        self._taken += len(body)
        self._room.set()
        return body

    def _start_message(self, status: int, headers: Headers) -> Message:
        own = [*headers, *self._own_headers]
        return {"type": "http.response.start", "status": status, "headers": own}

    def _notify(self) -> None:
        self._is_notified = True
        self._loop.call_soon_threadsafe(self._arrived.set)
