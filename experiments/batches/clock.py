"""The time that a batch goes by."""

import threading
import time


class Clock:
    """The machine's clock. A test brings one of its own, whose minutes are short."""

    def now(self) -> float:
        """Return the seconds since some moment in the past."""
        return time.monotonic()

    def wait(self, changed: threading.Condition, seconds: float | None) -> None:
        """Wait until `changed`, which the caller holds, is notified, or so many seconds."""
        changed.wait(seconds)


CLOCK = Clock()
