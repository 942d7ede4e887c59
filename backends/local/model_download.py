"""Getting Gemma 3: the commands for a new machine, and downloads by Ollama with progress."""

import json
import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from workers_ai import APIConnectionError, APIStatusError, InvalidRequestError, Stop, WorkersAIError
from workers_ai.address_policy import ANYWHERE, AddressRule
from workers_ai.backend import url_faults
from workers_ai.call_trace import CallTrace
from workers_ai.http_session import HttpSession
from workers_ai.sse import lines
from workers_ai.transport import CallLimits

from .connection import DirectBackend, key_headers, root_of

SUGGESTED_MODEL = "gemma3:4b"
"""The suggested first model: it sees pictures and runs on an ordinary machine (3.3 GB)."""

_INSTALL: Mapping[str, str] = MappingProxyType(
    {
        "Linux": "curl -fsSL https://ollama.com/install.sh | sh",
        "Darwin": "brew install --cask ollama",
        "Windows": "winget install Ollama.Ollama",
    }
)


def steps_to_gemma(system: str, model: str = SUGGESTED_MODEL) -> tuple[str, str, str]:
    """Return the commands to type: install Ollama, start it, pull the model.

    `system` is the value of `platform.system()`; an unknown one is referred to Ollama's page.
    """
    install = _INSTALL.get(system, "Install Ollama from https://ollama.com/download")
    return (install, "ollama serve", f"ollama pull {model}")


SILENCE_TIMEOUT = 120.0
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
    direct = DirectBackend(root_of(base_url), rule, key_headers(api_key), secrets)
    sender = HttpSession(direct, connect_timeout=10.0, read_timeout=SILENCE_TIMEOUT)
    call = CallLimits(stop or Stop(), math.inf)
    with closing(sender):
        try:
            yield from _progress(sender, model, call)
        except APIConnectionError:
            if not call.stop.is_set():
                raise


def _progress(sender: HttpSession, model: str, call: CallLimits) -> Iterator[PullProgress]:
    content = json.dumps({"model": model, "stream": True}).encode()
    request = sender.build("POST", "/api/pull", content)
    trace = CallTrace()
    parts: dict[str, tuple[int, int]] = {}
    with sender.send(request, call, trace) as response, sender.translated(call):
        for line in filter(None, lines(sender.read_body(response.iter_bytes(), call, trace))):
            report = _report(line)
            yield _step(report, parts)
            if report.get("status") == "success":
                return
        raise APIConnectionError("The download ended early. Download again to resume.")


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
