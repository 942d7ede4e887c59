"""Messages, pictures, backends and waiting for the tests of conversations."""

import json
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from types import MappingProxyType
from typing import Any

import httpx

from backends import BuiltIn
from conversations import (
    Answer,
    Conversation,
    Conversations,
    Maker,
    Picture,
    Question,
    Settings,
    next_request,
)
from conversations.answer_record import Record
from conversations.tree_nodes import Ended
from tests.components.pictures import png
from workers_ai import Backend, Client, read_image

MODEL = Maker("builtin", "Built-in", "cabochon-help-ngram")
LONG = "What is the temperature? Explain it thoroughly and in every detail, with examples."


def picture(width: int = 20, name: str = "") -> Picture:
    """Return a picture, different for each width."""
    return Picture.of(name or f"{width}.png", read_image(png(width, 20)))


def answer(text: str, parent: str | None = None, **known: Any) -> Answer:
    """Return an answer that has ended."""
    record = Record(MODEL, Settings(), finish="done", **known)
    return Answer(record, Ended(record.snapshot(text)), parent)


def turn(
    question: str, answered: str, parent: str | None = None, *pictures: Picture
) -> tuple[Question, Answer]:
    """Return a question and its answer."""
    asked = Question(question, pictures, parent)
    return asked, answer(answered, asked.id)


def growing(parent: str | None = None) -> Answer:
    """Return an answer that is being written."""
    record = Record(MODEL, Settings())
    return Answer(record, Ended(record.snapshot("")), parent)


def ask(
    conversations: Conversations,
    given: Conversation,
    text: str,
    *pictures: Picture,
    backend: Backend | None = None,
    begun: str = "",
) -> Answer:
    """Ask the built-in model, or the given backend."""
    question = Question(text, pictures, given.leaf)
    request = next_request(given.turns, question, settings=given.settings, begun=begun)
    client = Client(backend or BuiltIn(), max_retries=0)
    return conversations.ask(given, question, request, client, begun=begun)


class Script:
    """A backend whose answers the test writes, piece by piece."""

    backend_kind = "other"
    label = "Script"
    model = "script"
    base_url = account_url = "http://script.invalid"
    headers: Mapping[str, str] = MappingProxyType({})
    secrets = ()

    def __init__(self) -> None:
        self._said: SimpleQueue[bytes | None] = SimpleQueue()

    def say(self, text: str) -> None:
        """Send the next piece of the answer."""
        self._said.put(f"data: {json.dumps({'response': text})}\n\n".encode())

    def end(self) -> None:
        """End the answer as the API does."""
        self._said.put(b"data: [DONE]\n\n")
        self._said.put(None)

    def break_off(self) -> None:
        """End the answer without the final event."""
        self._said.put(None)

    def transport(self) -> httpx.BaseTransport:
        """Return a transport for one answer."""
        return httpx.MockTransport(self._answer)

    def _answer(self, _request: httpx.Request) -> httpx.Response:
        kind = {"Content-Type": "text/event-stream"}
        return httpx.Response(200, headers=kind, content=iter(self._said.get, None))


def wait_until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until another thread or process has done something."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
