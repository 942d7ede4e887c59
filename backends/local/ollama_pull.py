"""Model downloads by Ollama, with their progress."""

import json
import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from workers_ai import APIConnectionError, APIStatusError, InvalidRequestError, Stop
from workers_ai.address_policy import ANYWHERE, AddressRule
from workers_ai.backend import url_faults
from workers_ai.call_trace import Exchange
from workers_ai.http_session import Sender
from workers_ai.sse import lines
from workers_ai.transport import Call

from .connection import Direct, key_headers, root_of

LONGEST_SILENCE = 120.0
"""Seconds of silence after which a download counts as broken."""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """The progress of a download."""

    status: str
    """Ollama's own description of what it is doing."""

    completed: int = 0
    """Bytes received, of all parts known so far."""

    total: int = 0
    """Bytes of all parts known so far; 0 before the first."""

    done: bool = False
    """Whether the model is complete; true only in the last report."""

    @property
    def fraction(self) -> float:
        """The progress from 0 to 1, for a bar."""
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
    """Make Ollama download a model, and yield its progress until it is complete.

    Closing the iterator, or setting `stop` from another thread, ends the download; Ollama keeps
    what has arrived and resumes from there next time. A stopped download ends without `done`.
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
            report = _report(line)
            yield _step(report, parts)
            if report.get("status") == "success":
                return
        raise APIConnectionError("The download ended early. Pull again to resume it.")


def _report(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return {}
    if value.get("error"):
        raise APIStatusError(f"Ollama: {value['error']}", status_code=200)
    return value


def _step(report: dict[str, Any], parts: dict[str, tuple[int, int]]) -> PullProgress:
    digest, total = report.get("digest"), report.get("total")
    if isinstance(digest, str) and isinstance(total, int):
        completed = report.get("completed")
        parts[digest] = (completed if isinstance(completed, int) else 0, total)
    return PullProgress(
        status=str(report.get("status", "")),
        completed=sum(here for here, _ in parts.values()),
        total=sum(size for _, size in parts.values()),
        done=report.get("status") == "success",
    )
