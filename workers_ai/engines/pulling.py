"""Getting a model: Ollama downloads one and tells how far it is."""

import json
import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from ..addresses import ANYWHERE, AddressRule
from ..backends import url_faults
from ..errors import APIConnectionError, APIStatusError, InvalidRequestError
from ..exchanges import Exchange
from ..sending import Sender
from ..sockets import Call
from ..sse import lines
from ..stop import Stop
from .connecting import Direct, key_headers, root_of

LONGEST_SILENCE = 120.0
"""Seconds without a word after which a download counts as broken."""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a download is."""

    status: str
    """What Ollama is doing, in its words."""

    completed: int = 0
    """Bytes that are here, of all parts that are known so far."""

    total: int = 0
    """Bytes of all parts that are known so far; 0 before the first."""

    done: bool = False
    """Whether the model is here; on the last one alone."""

    @property
    def fraction(self) -> float:
        """From 0 to 1, for a bar."""
        if self.done:
            return 1.0
        return min(self.completed / self.total, 1.0) if self.total else 0.0


def pull(
    base_url: str,
    model: str,
    *,
    api_key: str | None = None,
    rule: AddressRule = ANYWHERE,
    stop: Stop | None = None,
) -> Iterator[PullProgress]:
    """Make Ollama download a model, and yield how far it is until it is there.

    Closing the iterator, or setting `stop` from another thread, ends the download; Ollama keeps
    what has come and goes on from there the next time. A stopped one just ends, without `done`.
    Raises a `WorkersAIError` for a download that fails.
    """
    faults = url_faults(base_url)
    if faults:
        raise InvalidRequestError(faults)
    secrets = (api_key,) if api_key else ()
    direct = Direct(root_of(base_url), rule, key_headers(api_key), secrets)
    sender = Sender(direct, connect_timeout=10.0, read_timeout=LONGEST_SILENCE)
    call = Call(stop or Stop(), math.inf)
    with closing(sender):
        try:
            yield from _progress(sender, model, call)
        except APIConnectionError:
            if not call.stop.is_set():
                raise


def _progress(sender: Sender, model: str, call: Call) -> Iterator[PullProgress]:
    content = json.dumps({"model": model, "stream": True}).encode()
    request = sender.build("POST", "/api/pull", content)
    exchange = Exchange()
    parts: dict[str, tuple[int, int]] = {}
    with sender.sent(request, call, exchange) as response, sender.translated(call):
        for line in filter(None, lines(sender.received(response.iter_bytes(), call, exchange))):
            told = _told(line)
            yield _step(told, parts)
            if told.get("status") == "success":
                return
        raise APIConnectionError("The download ended early. Pull again: it goes on from there.")


def _told(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return {}
    if value.get("error"):
        raise APIStatusError(f"Ollama: {value['error']}", status_code=200)
    return value


def _step(told: dict[str, Any], parts: dict[str, tuple[int, int]]) -> PullProgress:
    digest, total = told.get("digest"), told.get("total")
    if isinstance(digest, str) and isinstance(total, int):
        completed = told.get("completed")
        parts[digest] = (completed if isinstance(completed, int) else 0, total)
    return PullProgress(
        status=str(told.get("status", "")),
        completed=sum(here for here, _ in parts.values()),
        total=sum(size for _, size in parts.values()),
        done=told.get("status") == "success",
    )
