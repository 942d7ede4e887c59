"""Fixtures that ask the built-in model by HTTP requests, without a socket."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from backends.builtin.language_model import MODEL
from backends.builtin.transport import BuiltInTransport

URL = f"http://builtin.invalid/client/v4/accounts/0/ai/run/{MODEL}"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(transport=BuiltInTransport()) as client:
        yield client


@pytest.fixture
def run(client: httpx.Client) -> Callable[..., httpx.Response]:
    """Send keywords as a request body; a positional text becomes the user's message."""

    def send(text: str | None = None, **body: Any) -> httpx.Response:
        if text is not None:
            body = {"messages": [{"role": "user", "content": text}], **body}
        return client.post(URL, content=json.dumps(body).encode())

    return send


@pytest.fixture
def result(run: Callable[..., httpx.Response]) -> Callable[..., dict[str, Any]]:
    """Send a body and return the result of the envelope."""

    def send(text: str | None = None, **body: Any) -> dict[str, Any]:
        response = run(text, **body)
        assert response.status_code == 200, response.text
        return response.json()["result"]

    return send


@pytest.fixture
def ask(result: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Send a body and return the text of the answer."""
    return lambda text=None, **body: result(text, **body)["response"]
