"""Accumulation of an answer from its events, in any shape (wire.md 1.3 to 1.5).

Native answers (`response`), OpenAI's (`choices`) and hybrids of the two are unified.
"""

import json
import re
from typing import Any

from .error_mapping import error_in_body
from .errors import ResponseError
from .json_values import is_number
from .responses import Chunk, Finish, Usage
from .tool_calls import ToolCallAssembler

_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST_COUNT = 2**53
"""Beyond it JSON numbers are not exact, and counts are not plausible."""

_FINISHES: dict[str, Finish] = {"length": "length", "max_tokens": "length"}


class AnswerAccumulator:
    """The answer so far, from the events of one stream."""

    def __init__(self, max_tokens: int | None) -> None:
        self.begun = False
        self.complete = False
        self._max_tokens = max_tokens
        self._parts: list[str] = []
        self._high_surrogate = ""
        self._usage: Any = None
        self._finish: Finish | None = None
        self._calls = ToolCallAssembler()
        self._damaged = 0

    def text(self) -> str:
        """Return the text so far."""
        return "".join(self._parts)

    def add_event(self, data: bytes) -> str | None:
        """Process one event and return its new text, or None at the end of the stream."""
        self.begun = True
        source = data.decode("utf-8", "replace")
        try:
            value = json.loads(source)
        except (ValueError, RecursionError):
            if source.strip() == "[DONE]":
                self.complete = True
                return None
            self._damaged += 1
            return ""
        if type(value) is not dict:
            self._damaged += 1
            return ""
        text = self.add(value, source)
        if text:
            self._parts.append(text)
        return text

    def add(self, value: dict[str, Any], source: str) -> str:
        """Process one decoded event or result and return its text.

        `source` is its JSON: a numeric answer keeps its digits.
        """
        if "error" in value or "errors" in value or "success" in value:
            failure = error_in_body(value)
            if failure:
                raise failure
        usage = value.get("usage")
        if type(usage) is dict:
            self._usage = usage
        if value.get("tool_calls"):
            self._calls.add(value["tool_calls"])
        finish_reason = value.get("finish_reason")
        if finish_reason is not None:
            self._finished_by(finish_reason)
        content = self._choice(value["choices"]) if value.get("choices") else None
        if content in (None, ""):
            content = value.get("response")
            if type(content) in (int, float):
                content = _as_sent(source)
        return self._joined(content if type(content) is str else _as_text(content))

    def last_chunk(self) -> Chunk:
        """Return the last chunk, after all events of the stream."""
        rest = "\ufffd" if self._high_surrogate else ""
        usage = None if self._usage is None else read_usage(self._usage)
        finish = self._finish or self._inferred(usage)
        return Chunk(rest, usage, self._calls.calls(), finish, self._damaged)

    def _inferred(self, usage: Usage | None) -> Finish:
        """Return how the answer ended if the server did not report it (wire.md 1.2)."""
        if not self.complete:
            return "ended_early"
        limit = self._max_tokens
        return "length" if usage and limit and usage.completion_tokens >= limit > 0 else "done"

    def _choice(self, choices: Any) -> Any:
        """Return the content of the first choice, of a stream or a body (wire.md 2D, 2E)."""
        choice = choices[0] if isinstance(choices, list) else None
        if not isinstance(choice, dict):
            return None
        if choice.get("finish_reason") is not None:
            self._finished_by(choice["finish_reason"])
        message = choice.get("delta", choice.get("message"))
        if not isinstance(message, dict):
            return choice.get("text")
        self._calls.add(message.get("tool_calls"))
        return message.get("content")

    def _finished_by(self, finish_reason: Any) -> None:
        if finish_reason == "error":
            raise ResponseError("The server ended the answer with finish_reason `error`.")
        self._finish = _FINISHES.get(str(finish_reason), "done")

    def _joined(self, text: str) -> str:
        """Join a surrogate pair split across two events; a lone surrogate becomes U+FFFD."""
        if not self._high_surrogate and (text.isascii() or not _SURROGATE.search(text)):
            return text
        whole = self._high_surrogate + text
        self._high_surrogate = ""
        if whole and "\ud800" <= whole[-1] <= "\udbff":
            self._high_surrogate = whole[-1]
            whole = whole[:-1]
        return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read_usage(value: dict[str, Any]) -> Usage:
    """Read the server's counts leniently: missing or non-numeric ones are 0 (wire.md 1.5)."""
    prompt, completion = _count(value, "prompt_tokens"), _count(value, "completion_tokens")
    total = _count(value, "total_tokens") or prompt + completion
    return Usage(prompt, completion, total, _figure(value, "neurons"))


def _figure(usage: dict[str, Any], name: str) -> float | None:
    value = usage.get(name)
    if not isinstance(value, int | float) or not is_number(value):
        return None
    return value if 0 <= value < _LARGEST_COUNT else None


def _count(usage: dict[str, Any], name: str) -> int:
    return int(_figure(usage, name) or 0)


def _as_text(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _as_sent(source: str) -> str:
    """Return a numeric `response` exactly as on the wire: 1e5 is not 100000.0."""
    value = json.loads(source, parse_int=str, parse_float=str, parse_constant=str)
    if isinstance(value.get("result"), dict):
        value = value["result"]
    return str(value["response"])
