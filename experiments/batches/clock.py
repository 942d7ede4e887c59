"""The clock of a batch."""

import threading
import time


class Clock:
    """The machine's clock. A test supplies a faster one."""

    def now(self) -> float:
        """Return the seconds since an arbitrary moment in the past."""
        return time.monotonic()

    def wait(self, changed: threading.Condition, seconds: float | None) -> None:
        """Wait until `changed`, which the caller holds, is notified, at most `seconds`."""
        changed.wait(seconds)


CLOCK = Clock()
