"""The calls of the checks, counted."""

from dataclasses import replace

from workers_ai import APIConnectionError, Chunk, Client, Request, Response, Stop, WorkersAIError
from workers_ai.redaction import redact


class CountedCalls:
    """The calls of a client, which share one stop signal."""

    def __init__(self, client: Client, stop: Stop) -> None:
        self.backend = client.backend
        self.stop = stop
        self.count = 0
        """How many were made; the client's own retries do not count."""

        self.answered = False
        """Whether any call was answered."""

        self._client = client

    def run(self, request: Request) -> Response:
        """Return the whole answer, with the backend's secrets removed from its text."""
        self.count += 1
        answer = self._client.run(request, stop=self.stop)
        self.answered = True
        # Here, because shortening the text later could leave part of a secret.
        return replace(answer, text=redact(answer.text, self.backend.secrets))

    def stream(self, request: Request) -> list[Chunk]:
        """Return the chunks of a streamed answer."""
        self.count += 1
        chunks = list(self._client.stream(request, stop=self.stop))
        self.answered = True
        return chunks

    def is_out_of_reach(self) -> bool:
        """Return whether even the free list of models cannot be reached (wire.md 7.5)."""
        try:
            self._client.models()
        except APIConnectionError:
            return True
        except WorkersAIError:
            return False
        return False
