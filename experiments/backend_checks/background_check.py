"""Checks that go on while a page is drawn anew."""

import threading
from typing import Self

from workers_ai import Client, Stop

from .check_run import CheckResult, check_backend


class BackendCheck:
    """The checks in a thread of their own; what they have seen may be read from any other."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stop = Stop()
        self._results: list[CheckResult] = []
        self._thread = threading.Thread(target=self._run, name="check", daemon=True)

    def start(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the call that is under way, and make no more."""
        self._stop.set()

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """What is known so far, in order."""
        return tuple(self._results)

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when the time is up."""
        self._thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        for result in check_backend(self._client, stop=self._stop):
            self._results.append(result)
