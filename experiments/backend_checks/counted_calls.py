"""The calls that checks make, counted."""

from dataclasses import replace

from workers_ai import (
    APIConnectionError,
    Chunk,
    Client,
    Request,
    Response,
    Stop,
    WorkersAIError,
    redact,
)


class CountedCalls:
    """Calls of one client that end with one stop."""

    def __init__(self, client: Client, stop: Stop) -> None:
        self.backend = client.backend
        self.stop = stop
        self.count = 0
        """How many were made; what the client itself makes again counts once."""

        self.answered = False
        """Whether any has had an answer."""

        self._client = client

    def run(self, request: Request) -> Response:
        """Return the whole answer, its text without the backend's secrets."""
        self.count += 1
        answer = self._client.run(request, stop=self.stop)
        self.answered = True
        # Here, because a text that is shortened later would keep half of a secret.
        return replace(answer, text=redact(answer.text, self.backend.secrets))

    def stream(self, request: Request) -> list[Chunk]:
        """Return the steps of a streamed answer."""
        self.count += 1
        chunks = list(self._client.stream(request, stop=self.stop))
        self.answered = True
        return chunks

    def is_out_of_reach(self) -> bool:
        """Whether the server does not even list its models, which costs nothing (wire.md 7.5)."""
        try:
            self._client.models()
        except APIConnectionError:
            return True
        except WorkersAIError:
            return False
        return False
