"""A test engine: real sockets, recorded bytes, the faults of `tests.wire_server`."""

from collections.abc import Mapping

from backends import LocalEngine
from backends.local.engine_table import EngineKind
from tests.wire_server import Answer, Request, WireServer
from workers_ai import Client

NOT_FOUND = Answer.document({"error": {"code": 404, "message": "File Not Found"}}, 404)
CHAT: Mapping[EngineKind, str] = {
    "ollama": "/api/chat",
    **dict.fromkeys(("llama-server", "vllm", "lm-studio", "openai"), "/v1/chat/completions"),
}


class EngineServer(WireServer):
    """Answers the configured paths, and every other POST from its script."""

    def __init__(
        self, routes: Mapping[str, Answer] | None = None, *, api_key: str | None = None
    ) -> None:
        super().__init__()
        self.routes = routes or {}
        self._api_key = api_key

    def backend(self, kind: EngineKind, model: str = "gemma3:4b", **more: object) -> LocalEngine:
        return LocalEngine(self.origin, model, kind=kind, **more)  # type: ignore[arg-type]

    def client(self, kind: EngineKind, **limits: float) -> Client:
        settings = {"read_timeout": 5.0, "connect_timeout": 5.0, "first_backoff": 0.01, **limits}
        return Client(self.backend(kind), **settings)  # type: ignore[arg-type]

    def _refuse(self, request: Request) -> Answer | None:
        given = request.headers.get("authorization")
        if self._api_key is not None and given != f"Bearer {self._api_key}":
            error = {"message": "Invalid API Key", "type": "authentication_error", "code": 401}
            return Answer.document({"error": error}, 401)
        if request.path in self.routes:
            return self.routes[request.path]
        return None if request.method == "POST" else NOT_FOUND
