"""What went over the wire for one answer, for showing it. Nothing secret is in it."""

import time
from dataclasses import dataclass, field

from workers_ai.secrets import REDACTED

LARGEST_RECORD = 2 * 1024 * 1024
"""Bytes of an answer that are kept for reading."""


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
    started: float = field(default_factory=time.monotonic)
    received: list[tuple[float, bytes]] = field(default_factory=list, repr=False)
    """Bytes as they came, with seconds since `started`."""

    size: int = 0
    """Bytes received in all; beyond `LARGEST_RECORD` they are counted but not kept."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What is taken out of everything that is shown."""

    def restart(self) -> None:
        """Forget what the last try brought: only the answer that counts is shown."""
        self.received.clear()
        self.size = 0

    def record(self, data: bytes) -> None:
        """Note bytes that just came."""
        self.size += len(data)
        if self.size <= LARGEST_RECORD:
            self.received.append((time.monotonic() - self.started, data))

    @property
    def response_body(self) -> bytes:
        """What came, up to `LARGEST_RECORD` bytes, without the secrets."""
        body = b"".join(data for _, data in self.received)
        for secret in self.secrets:
            body = body.replace(secret.encode(), REDACTED.encode())
        return body
