"""Checks that continue while a page is redrawn."""

import threading
from typing import Self

from workers_ai import Client, Stop

from .check_run import CheckResult, check_backend


class BackendCheck:
    """The checks in their own thread; results can be read from any other."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stop = Stop()
        self._results: list[CheckResult] = []
        self._thread = threading.Thread(target=self._run, name="check", daemon=True)

    def start(self) -> Self:
        """Start the checks."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop the call in flight, and make no more."""
        self._stop.set()

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """The results so far, in order."""
        return tuple(self._results)

    @property
    def running(self) -> bool:
        """Whether more results will follow."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; return False if the time runs out."""
        self._thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        for result in check_backend(self._client, stop=self._stop):
            self._results.append(result)
