"""An answer that is produced in its own thread.

Viewers can disconnect and return: the reply continues and is kept.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .call_trace import CallTrace
from .client import Client, Request
from .errors import ResponseError, WorkersAIError
from .responses import Chunk, Finish, ToolCall, Usage
from .stop import Stop


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A reply at one moment."""

    text: str
    finish: Finish | None
    """How the reply ended; None while it runs."""

    version: int
    """Incremented with every change."""

    seconds: float
    """From the start until now, or until the end."""

    first_text: float | None = None
    """Seconds from the start to the first text."""

    usage: Usage | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    error: WorkersAIError | None = None
    damaged: int = 0
    """Number of unreadable events: the text may have gaps."""


class Reply:
    """The answer of `client` to `request`, streamed if the request asks for it.

    `on_end` is called once, in the reply's thread, with the last snapshot.
    """

    def __init__(
        self,
        client: Client,
        request: Request,
        *,
        on_end: Callable[[Snapshot], None] | None = None,
    ) -> None:
        self.client = client
        self.request = request
        self.trace = CallTrace()
        self._on_end = on_end
        self._stop = Stop()
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reply", daemon=True)
        self._parts: list[str] = []
        self._version = 0
        self._started = 0.0
        self._first: float | None = None
        self._ended: float | None = None
        self._last = Chunk()
        self._finish: Finish | None = None
        self._error: WorkersAIError | None = None

    def start(self) -> "Reply":
        """Start the reply; call it once."""
        self._started = self.trace.begin()
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the reply immediately and keep what has arrived; the connection is shut down."""
        self._end("stopped", Chunk())
        self._stop.set()

    def snapshot(self) -> Snapshot:
        """Return the current state of the reply."""
        with self._changed:
            if len(self._parts) > 1:
                self._parts = ["".join(self._parts)]
            return Snapshot(
                text=self._parts[0] if self._parts else "",
                finish=self._finish,
                version=self._version,
                seconds=(self._ended or time.monotonic()) - self._started,
                first_text=None if self._first is None else self._first - self._started,
                usage=self._last.usage,
                tool_calls=self._last.tool_calls,
                error=self._error,
                damaged=self._last.damaged,
            )

    def wait(self, version: int, seconds: float) -> bool:
        """Wait for a version newer than `version`; return False on timeout."""
        with self._changed:
            return self._changed.wait_for(lambda: self._version > version, seconds)

    def join(self, seconds: float) -> bool:
        """Wait until the reply has ended, without waking for new text; return False on timeout."""
        return self._over.wait(seconds)

    def updates(self) -> Iterator[Snapshot]:
        """Yield a snapshot after each change, the last one with `finish`; safe for many viewers."""
        version = -1
        while True:
            self.wait(version, 1.0)
            snapshot = self.snapshot()
            if snapshot.version != version:
                yield snapshot
            if snapshot.finish:
                return
            version = snapshot.version

    def _run(self) -> None:
        try:
            for chunk in self.client.answer(self.request, stop=self._stop, trace=self.trace):
                self._grow(chunk.text)
                if chunk.finish is not None:
                    self._end(chunk.finish, chunk)
        except WorkersAIError as error:
            self._end("error", Chunk(), error)
        finally:
            broken = ResponseError("The answer was cut off by an error in this program.")
            self._end("error", Chunk(), broken)
            if self._on_end:
                self._on_end(self.snapshot())

    def _grow(self, text: str) -> None:
        if not text:
            return
        with self._changed:
            if self._finish is not None:
                return
            if self._first is None:
                self._first = time.monotonic()
            self._parts.append(text)
            self._version += 1
            self._changed.notify_all()

    def _end(self, finish: Finish, last: Chunk, error: WorkersAIError | None = None) -> None:
        with self._changed:
            if self._finish is not None:
                return
            self._finish, self._last, self._error = finish, last, error
            self._ended = time.monotonic()
            self._version += 1
            self._changed.notify_all()
        self._over.set()
