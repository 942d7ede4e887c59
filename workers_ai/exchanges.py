"""What went over the wire for one answer, for showing it. Nothing secret is in it."""

import time
from dataclasses import dataclass, field

from .secrets import REDACTED

LARGEST_RECORD = 2 * 1024 * 1024
"""Bytes of an answer that are kept for reading."""

MOST_TIMED = 5_000
"""Pieces of an answer whose times are kept; of later ones only the bytes are."""


@dataclass(slots=True)
class Attempt:
    """A request that failed and was made again."""

    error: str
    status_code: int | None
    wait: float
    """Seconds waited before the next one."""


@dataclass(slots=True)
class Exchange:
    """One request and what came back, filled in while it happens."""

    url: str = ""
    request_headers: dict[str, str] = field(default_factory=dict)
    request_body: bytes = b""
    attempts: list[Attempt] = field(default_factory=list)
    """The failed tries before the one that counted."""

    status_code: int | None = None
    response_headers: dict[str, str] = field(default_factory=dict)
    began: float = field(default_factory=time.time)
    """When it began, in seconds since 1970."""

    started: float = field(default_factory=time.monotonic)
    """The same moment on the clock that times are counted from."""

    sent: list[float] = field(default_factory=list)
    """When each try was sent, in seconds since `started`."""

    connected: float | None = None
    """When the last try's connection stood; None if it went over one that was there."""

    answered: float | None = None
    """When the last try's response headers came."""

    received: list[tuple[float, bytes]] = field(default_factory=list, repr=False)
    """Bytes as they came, with seconds since `started`: the first `MOST_TIMED` pieces."""

    untimed: bytearray = field(default_factory=bytearray, repr=False)
    """What came after those."""

    size: int = 0
    """Bytes received in all; beyond `LARGEST_RECORD` they are counted but not kept."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What is taken out of everything that is shown."""

    def begin(self) -> float:
        """Set the clock, and return what `time.monotonic()` says."""
        self.began, self.started = time.time(), time.monotonic()
        return self.started

    def restart(self) -> None:
        """Forget what the last try brought: only the answer that counts is shown."""
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
        """Note bytes that just came."""
        self.size += len(data)
        if self.size > LARGEST_RECORD:
            return
        if len(self.received) < MOST_TIMED:
            self.received.append((time.monotonic() - self.started, data))
        else:
            self.untimed += data

    @property
    def response_body(self) -> bytes:
        """What came, up to `LARGEST_RECORD` bytes, without the secrets."""
        body = b"".join([*(data for _, data in self.received), self.untimed])
        for secret in self.secrets:
            body = body.replace(secret.encode(), REDACTED.encode())
        return body
