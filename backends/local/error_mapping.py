"""An engine's errors, in any of their shapes, as errors of the documented API.

Seen: `{"error": {code, message, type}}` (llama-server, vLLM), `{"error": "…"}` (Ollama, LM
Studio), `{"detail": …}` (FastAPI servers), `{"object": "error", …}` (older vLLM), plain text.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx

from workers_ai.error_mapping import error_from_response
from workers_ai.wire_writing import JSON, compact

_LOADING_WAIT = "3"
"""Seconds until a model that is being loaded is asked again."""


class EngineError(NamedTuple):
    """An error in the form in which it is passed on."""

    status: int
    code: int
    """The code in the documented API (wire.md 3.2, 3.3)."""

    message: str
    """The engine's own message, with its name before it."""

    retry_after: str | None = None

    def body(self) -> dict[str, Any]:
        """Return the documented envelope."""
        errors = [{"message": self.message, "code": self.code}]
        return {"errors": errors, "success": False, "result": {}, "messages": []}

    def response(self) -> httpx.Response:
        """Return the documented response."""
        wait = {"retry-after": self.retry_after} if self.retry_after else {}
        return httpx.Response(self.status, headers={**JSON, **wait}, content=compact(self.body()))


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    statuses: frozenset[int]
    """The engine's statuses; an empty set matches any."""

    status: int
    code: int


def _rule(pattern: str, status: int, code: int, *statuses: int) -> _Rule:
    return _Rule(re.compile(pattern, re.IGNORECASE), frozenset(statuses), status, code)


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
"""From engines' messages to the documented status and code; the first match counts."""

ENGINE_ERROR_CODE = 8007
"""The documented code of an engine's own error, passed on in its words (wire.md 3.1)."""


def error_of_response(
    label: str, status: int, headers: Mapping[str, str], body: bytes
) -> EngineError:
    """Return the error to pass on for an engine's answer with a failing status."""
    failure = error_from_response(status, headers, body)
    text = body.decode("utf-8", "replace")
    message = f"{label}: {failure.message}"
    wait = headers.get("retry-after")
    for rule in _RULES:
        if (not rule.statuses or status in rule.statuses) and rule.pattern.search(text):
            loading = _LOADING_WAIT if rule.code == 3040 else None  # noqa: PLR2004 - no capacity
            return EngineError(rule.status, rule.code, message, wait or loading)
    return EngineError(status, ENGINE_ERROR_CODE, message, wait)


def error_in_body(label: str, value: Mapping[str, Any]) -> EngineError | None:
    """Return the error that an event or a body reports despite status 200, if any."""
    if not value.get("error") and value.get("object") != "error":
        return None
    return error_of_response(label, _status_in(value), {}, json.dumps(dict(value)).encode())


def _status_in(value: Mapping[str, Any]) -> int:
    error = value.get("error")
    code = error.get("code") if isinstance(error, dict) else value.get("code")
    known = isinstance(code, int) and 400 <= code < 600  # noqa: PLR2004 - HTTP's error statuses
    return code if known and isinstance(code, int) else 500
