"""A model download by Ollama, followed in a thread of its own."""

import threading
from typing import Self

from workers_ai import Stop, WorkersAIError
from workers_ai.address_policy import ANYWHERE, AddressRule

from .ollama_pull import PullProgress, pull


class Download:
    """Pulls one model. `progress` and `error` can be read from any thread."""

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str | None = None,
        rule: AddressRule = ANYWHERE,
    ) -> None:
        self.base_url = base_url
        self.model = model
        self.progress = PullProgress("waiting for Ollama")
        self.error: WorkersAIError | None = None
        self._api_key = api_key
        self._rule = rule
        self._stop = Stop()
        self._thread = threading.Thread(target=self._run, name="download", daemon=True)

    def start(self) -> Self:
        """Start the download."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop the download. Ollama keeps what has arrived and resumes from there next time."""
        self._stop.set()

    @property
    def running(self) -> bool:
        """Whether the download is still in progress."""
        return self._thread.is_alive()

    @property
    def stopped(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; return False on timeout."""
        self._thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        steps = pull(
            self.base_url, self.model, api_key=self._api_key, rule=self._rule, stop=self._stop
        )
        try:
            for self.progress in steps:
                pass
        except WorkersAIError as error:
            self.error = error
