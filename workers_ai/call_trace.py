"""A recording of one answer's traffic, for display, without secrets."""

import time
from dataclasses import dataclass, field

from .redaction import REDACTED

LARGEST_RECORD = 2 * 1024 * 1024
"""Bytes of an answer that are kept."""

MOST_TIMED = 5_000
"""Reads of an answer that are kept with their times; later ones are kept without."""


@dataclass(slots=True)
class Attempt:
    """A failed request that was retried."""

    error: str
    status_code: int | None
    wait: float
    """Seconds waited before the next attempt."""


@dataclass(slots=True)
class CallTrace:
    """One request and its response, recorded as they happen."""

    url: str = ""
    request_headers: dict[str, str] = field(default_factory=dict)
    request_body: bytes = b""
    attempts: list[Attempt] = field(default_factory=list)
    """The failed attempts before the final one."""

    status_code: int | None = None
    response_headers: dict[str, str] = field(default_factory=dict)
    began: float = field(default_factory=time.time)
    """The start of the call, in seconds since 1970."""

    started: float = field(default_factory=time.monotonic)
    """The same moment on the clock of `time.monotonic()`."""

    sent: list[float] = field(default_factory=list)
    """When each attempt was sent, in seconds since `started`."""

    connected: float | None = None
    """When the last attempt's connection was established; None if one was reused."""

    answered: float | None = None
    """When the last attempt's response headers arrived."""

    received: list[tuple[float, bytes]] = field(default_factory=list, repr=False)
    """The first `MOST_TIMED` reads: seconds since `started`, and bytes."""

    untimed: bytearray = field(default_factory=bytearray, repr=False)
    """The bytes after those."""

    size: int = 0
    """Bytes received in total; beyond `LARGEST_RECORD` they are counted but not kept."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Strings that are removed from everything shown."""

    def begin(self) -> float:
        """Start the clock and return `time.monotonic()`."""
        self.began, self.started = time.time(), time.monotonic()
        return self.started

    def restart(self) -> None:
        """Discard the last attempt's response: only the final one is shown."""
        self.received.clear()
        self.untimed.clear()
        self.size = 0
        self.status_code = self.connected = self.answered = None
        self.response_headers = {}
        self.sent.append(self.now())

    def now(self) -> float:
        """Return the seconds since `started`."""
        return time.monotonic() - self.started

    def record(self, data: bytes) -> None:
        """Record bytes that just arrived."""
        self.size += len(data)
        if self.size > LARGEST_RECORD:
            return
        if len(self.received) < MOST_TIMED:
            self.received.append((time.monotonic() - self.started, data))
        else:
            self.untimed += data

    @property
    def response_body(self) -> bytes:
        """The response body, up to `LARGEST_RECORD` bytes, without the secrets."""
        body = b"".join([*(data for _, data in self.received), self.untimed])
        for secret in self.secrets:
            body = body.replace(secret.encode(), REDACTED.encode())
        return body
