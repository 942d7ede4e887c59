"""The endpoint on a free port, served by uvicorn in a thread."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from backends import BuiltIn, endpoint_app
from backends.endpoint.__main__ import bound_socket
from backends.endpoint.limits import Limits
from workers_ai import Cloudflare

ACCOUNT = "0123456789abcdef" * 2
GEMMA = "@cf/google/gemma-3-12b-it"
ANY_TOKEN = "mine"
FREE = Limits(per_minute=None)
HELLO = {"messages": [{"role": "user", "content": "What is a neuron?"}]}


@dataclass
class Served:
    """A running endpoint."""

    origin: str
    http: httpx.Client

    @property
    def base_url(self) -> str:
        return f"{self.origin}/client/v4"

    @property
    def openai_url(self) -> str:
        return f"{self.base_url}/accounts/{ACCOUNT}/ai/v1"

    @property
    def run_path(self) -> str:
        return f"/client/v4/accounts/{ACCOUNT}/ai/run/{GEMMA}"

    @property
    def chat_path(self) -> str:
        return f"/client/v4/accounts/{ACCOUNT}/ai/v1/chat/completions"

    def run(self, body: Any = None, **headers: str) -> httpx.Response:
        return self.http.post(self.run_path, json=body or HELLO, headers=headers)

    def chat(self, **body: Any) -> httpx.Response:
        return self.http.post(self.chat_path, json={"model": GEMMA, **HELLO, **body})

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(f"/client/v4{path}", headers=headers)

    def backend(self, api_token: str = ANY_TOKEN, model: str = GEMMA) -> Cloudflare:
        """Return the endpoint as a backend of our own client."""
        return Cloudflare(ACCOUNT, api_token, model=model, base_url=self.base_url)


@contextlib.contextmanager
def serving(app: ASGIApp) -> Iterator[Served]:
    """Serve an application while the block runs."""
    listener = bound_socket("127.0.0.1", 0)
    config = uvicorn.Config(
        app, ws="none", log_level="warning", access_log=False, timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    headers = {"authorization": f"Bearer {ANY_TOKEN}"}
    try:
        with httpx.Client(base_url=origin, headers=headers, trust_env=False, timeout=20) as http:
            yield Served(origin, http)
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@contextlib.contextmanager
def serving_built_in(**options: Any) -> Iterator[Served]:
    with serving(endpoint_app(BuiltIn(), **{"limits": FREE, **options})) as served:
        yield served
