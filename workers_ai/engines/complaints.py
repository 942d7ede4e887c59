"""An engine's errors, in whichever of their shapes, as the documented API would word its own.

Seen: `{"error": {code, message, type}}` (llama-server, vLLM), `{"error": "…"}` (Ollama, LM
Studio), `{"detail": …}` (FastAPI servers), `{"object": "error", …}` (older vLLM), plain text.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx

from ..failures import failure_of
from ..wire_writing import JSON, compact

_LOADING_WAIT = "3"
"""Seconds until a model that is being loaded is asked again."""


class Complaint(NamedTuple):
    """An error as it is passed on."""

    status: int
    code: int
    """Of the documented API (wire.md 3.2, 3.3)."""

    message: str
    """The engine's own words, with its name before them."""

    retry_after: str | None = None

    def body(self) -> dict[str, Any]:
        """Return the documented envelope."""
        errors = [{"message": self.message, "code": self.code}]
        return {"errors": errors, "success": False, "result": {}, "messages": []}

    def response(self) -> httpx.Response:
        """Return the documented answer."""
        wait = {"retry-after": self.retry_after} if self.retry_after else {}
        return httpx.Response(self.status, headers={**JSON, **wait}, content=compact(self.body()))


class _Rule(NamedTuple):
    said: re.Pattern[str]
    statuses: frozenset[int]
    """The engine's; none stands for any."""

    status: int
    code: int


def _rule(said: str, status: int, code: int, *statuses: int) -> _Rule:
    return _Rule(re.compile(said, re.IGNORECASE), frozenset(statuses), status, code)


_RULES = (
    _rule(
        r"exceed_context_size|context_length_exceeded|maximum context length|"
        r"exceeds? (the )?(available )?context|longer than the context|prompt is too long",
        *(413, 5021),
    ),
    _rule(r"", 401, 10000, 401, 403),
    _rule(r"", 429, 3021, 429),
    _rule(r"loading model|model is loading|server busy|maximum pending|overloaded", 429, 3040),
    _rule(r"", 429, 3040, 503),
    _rule(
        r"model.{0,300}(not found|does not exist)|no models? (is |are )?loaded|model_not_found|"
        r"server is pinned to|failed to load model",
        *(400, 5007),
    ),
    _rule(
        r"failed to load image|cannot identify image|invalid image|non-base64|illegal base64|"
        r"failed to decode image|unknown format",
        *(400, 5004),
    ),
)
"""From what engines say to the documented status and code; the first that fits counts."""

ENGINE_FAULT = 8007
"""The documented code of an error of the engine behind, in its own words (wire.md 3.1)."""


def complaint_of(label: str, status: int, headers: Mapping[str, str], body: bytes) -> Complaint:
    """Return what an engine's answer with a failing status is passed on as."""
    said = failure_of(status, headers, body)
    text = body.decode("utf-8", "replace")
    message = f"{label}: {said.message}"
    wait = headers.get("retry-after")
    for rule in _RULES:
        if (not rule.statuses or status in rule.statuses) and rule.said.search(text):
            loading = _LOADING_WAIT if rule.code == 3040 else None  # noqa: PLR2004 - no capacity
            return Complaint(rule.status, rule.code, message, wait or loading)
    return Complaint(status, ENGINE_FAULT, message, wait)


def complaint_in(label: str, value: Mapping[str, Any]) -> Complaint | None:
    """Return the error that an event or a body reports although the status was 200, if any."""
    if not value.get("error") and value.get("object") != "error":
        return None
    return complaint_of(label, _status_in(value), {}, json.dumps(dict(value)).encode())


def _status_in(value: Mapping[str, Any]) -> int:
    error = value.get("error")
    code = error.get("code") if isinstance(error, dict) else value.get("code")
    known = isinstance(code, int) and 400 <= code < 600  # noqa: PLR2004 - the failures of HTTP
    return code if known and isinstance(code, int) else 500
