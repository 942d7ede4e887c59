"""Decoding of what the API answers: a JSON body, or a stream of events (wire.md 1 and 2).

Native answers (`response`), OpenAI's (`choices`) and the hybrids between them become the same
`Chunk` and `Response`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from workers_ai.errors import ResponseError, WorkersAIError
from workers_ai.failures import failure_in
from workers_ai.responses import Chunk, Finish, Response, Usage
from workers_ai.sse import events
from workers_ai.tool_calls import ToolCalls

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a JSON answer. The whole context window is under 1 MB of text, and decoding hostile
JSON takes some twenty times its size in memory."""

LARGEST_STREAM = 64 * 1024 * 1024
"""Bytes of a stream, padding included."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_FINISHES: dict[str, Finish] = {"length": "length", "max_tokens": "length"}


def decode_stream(chunks: Iterable[bytes], *, max_tokens: int | None = None) -> Iterator[Chunk]:
    """Yield the steps of an answer from the bytes of a stream, cut anywhere.

    The last chunk has `finish`, and `usage` and `tool_calls` where the stream had them. A stream
    without `[DONE]` or `finish_reason` finishes as `ended_early`. A JSON body in place of a stream
    is one chunk. Events that cannot be read are counted in `damaged` and passed over. With
    `max_tokens` an answer that used them all up finishes as `length`, unless the server itself
    says why it ended.

    Raises what the stream reports or the iterable raises, with `.partial` the text so far.
    """
    answer = _Answer(max_tokens)
    try:
        source = _limited(chunks, LARGEST_STREAM)
        head = _head(source)
        start = head.lstrip()[:1]
        if start in (b"", b"<"):
            raise ResponseError(f"The answer is neither JSON nor a stream: {_excerpt(head)}")
        if start in (b"{", b"["):
            body = b"".join(_limited(chain((head,), source), LARGEST_BODY))
            yield _as_chunk(decode_body(body, max_tokens=max_tokens))
            return
        read = answer.read
        for data in events(chain((head,), source)):
            text = read(data)
            if text:
                # tuple.__new__ with the fields filled in costs half of a call with defaults.
                yield Chunk._make((text, None, (), None, 0))
            elif text is None:
                break
        if not answer.begun:
            raise ResponseError(f"The answer is neither JSON nor a stream: {_excerpt(head)}")
        yield answer.last()
    except WorkersAIError as error:
        error.partial = error.partial or answer.text()
        raise


def decode_body(body: bytes, *, max_tokens: int | None = None) -> Response:
    """Return the answer in a JSON body: an envelope with `result`, or what would stand in one.

    Raises the error that the body reports, or `ResponseError` for anything undocumented.
    """
    value = load_object(body)
    result = value.get("result", value)
    if not isinstance(result, dict) or not {"response", "choices", "tool_calls"} & result.keys():
        raise ResponseError("The answer is JSON, but has no `response`.")
    answer = _Answer(max_tokens)
    text = answer.take(result, body.decode("utf-8-sig", "replace"))
    answer.complete = True
    last = answer.last()
    return Response(text + last.text, last.tool_calls, last.usage, last.finish or "done", raw=value)


def load_object(body: bytes) -> dict[str, Any]:
    """Decode a JSON body from outside.

    Raises the error that it reports, or `ResponseError` for anything that is no JSON object.
    """
    try:
        value = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ResponseError(f"The answer is not JSON: {_excerpt(body)}") from error
    if not isinstance(value, dict):
        raise ResponseError("The answer is JSON, but not an object.")
    failure = failure_in(value)
    if failure:
        raise failure
    return value


class _Answer:
    """What the events of one stream have said so far."""

    def __init__(self, max_tokens: int | None) -> None:
        self.begun = False
        self.complete = False
        self._max_tokens = max_tokens
        self._parts: list[str] = []
        self._half = ""
        self._usage: Any = None
        self._finish: Finish | None = None
        self._calls = ToolCalls()
        self._damaged = 0

    def text(self) -> str:
        return "".join(self._parts)

    def read(self, data: bytes) -> str | None:
        """Take one event and return its new text, or None at the end of the stream."""
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
        text = self.take(value, source)
        if text:
            self._parts.append(text)
        return text

    def take(self, value: dict[str, Any], source: str) -> str:
        """Take one decoded event or result. `source` is its text: numbers are shown as sent."""
        if "error" in value or "errors" in value or "success" in value:
            failure = failure_in(value)
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
        return self._mend(content if type(content) is str else _as_text(content))

    def last(self) -> Chunk:
        """Return the last chunk, for a stream whose events are all read."""
        rest = "\ufffd" if self._half else ""
        usage = None if self._usage is None else read_usage(self._usage)
        finish = self._finish or self._inferred(usage)
        return Chunk(rest, usage, self._calls.whole(), finish, self._damaged)

    def _inferred(self, usage: Usage | None) -> Finish:
        """Say how an answer ended of which the server did not say it (wire.md 1.2)."""
        if not self.complete:
            return "ended_early"
        limit = self._max_tokens
        return "length" if usage and limit and usage.completion_tokens >= limit > 0 else "done"

    def _choice(self, choices: Any) -> Any:
        """Return the content of the first choice, in a stream or whole (wire.md 2D, 2E)."""
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
            raise ResponseError("The server broke the answer off with finish_reason `error`.")
        self._finish = _FINISHES.get(str(finish_reason), "done")

    def _mend(self, text: str) -> str:
        """Join a surrogate pair that two events split; a lone half becomes U+FFFD."""
        if not self._half and (text.isascii() or not _SURROGATE.search(text)):
            return text
        whole = self._half + text
        self._half = ""
        if whole and "\ud800" <= whole[-1] <= "\udbff":
            self._half = whole[-1]
            whole = whole[:-1]
        return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read_usage(value: dict[str, Any]) -> Usage:
    """Read the server's count leniently: what is missing or no number is 0 (wire.md 1.5)."""
    prompt, completion = _count(value, "prompt_tokens"), _count(value, "completion_tokens")
    total = _count(value, "total_tokens") or prompt + completion
    neurons = value.get("neurons")
    known = isinstance(neurons, int | float) and not isinstance(neurons, bool)
    return Usage(prompt, completion, total, neurons if known else None)


def _count(usage: dict[str, Any], name: str) -> int:
    value = usage.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**53:
        return 0
    return int(value)


def _as_text(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _as_sent(source: str) -> str:
    """Return a numeric `response` in the very digits of the wire: 1e5 is not 100000.0."""
    keep: Callable[[str], str] = str
    value = json.loads(source, parse_int=keep, parse_float=keep, parse_constant=keep)
    if isinstance(value.get("result"), dict):
        value = value["result"]
    return str(value["response"])


def _as_chunk(answer: Response) -> Chunk:
    return Chunk(answer.text, answer.usage, answer.tool_calls, answer.finish, answer.damaged)


def _head(source: Iterator[bytes]) -> bytes:
    """Read on until a byte stands that is no white space: it tells JSON from a stream."""
    head = b""
    for chunk in source:
        head += chunk
        if head.removeprefix(b"\xef\xbb\xbf").strip() and len(head) > len(b"\xef\xbb\xbf"):
            break
    return head.removeprefix(b"\xef\xbb\xbf")


def _limited(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise ResponseError(f"The answer is larger than {limit:,} bytes.")
        yield chunk


def _excerpt(body: bytes) -> str:
    text = body[:300].decode("utf-8", "replace").strip()
    return f"“{text[:120]}…”" if text else "it is empty."
