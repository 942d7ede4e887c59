"""An engine's answer, translated to the bytes of the documented API as it arrives.

Nothing is held back: each event is passed on as soon as it is complete. An engine's reasoning
(`reasoning_content`, `thinking`) keeps its own key, separate from the text; so do the
log-probabilities of the text's tokens, as `logprobs`.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Protocol

from workers_ai import ResponseError, ToolCall, decode_stream
from workers_ai.http_session import read_all
from workers_ai.sse import events, lines
from workers_ai.wire import LARGEST_BODY
from workers_ai.wire_writing import DONE, compact, event

from .error_mapping import error_in_body
from .logprobs import logprobs_in

_THOUGHTS = ("reasoning_content", "reasoning", "thinking")


class Dialect(Protocol):
    """The answer format of one API."""

    def framed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the JSON of each event of a stream."""

    def step(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return an event in the documented form, with `finish_reason` and `usage`."""

    def result(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return the `result` of a complete answer."""


class OpenAIAnswers:
    """OpenAI's API, and its variants."""

    def framed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Split into events; comments between them are skipped."""
        return events(chunks)

    def step(self, value: dict[str, Any]) -> dict[str, Any]:
        """Read the first choice's delta, or its text outside a chat."""
        return self._read(value, "delta")

    def result(self, value: dict[str, Any]) -> dict[str, Any]:
        """Read the first choice's message, or its text."""
        return {"response": "", **self._read(value, "message")}

    def _read(self, value: dict[str, Any], key: str) -> dict[str, Any]:
        choices = value.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else {}
        step = _of_choice(choice, key) if isinstance(choice, dict) else {}
        if isinstance(value.get("usage"), dict):
            step["usage"] = value["usage"]
        return step


class OllamaAnswers:
    """Ollama's own API: one JSON object a line, the last with `done`."""

    def framed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Split into lines; empty ones are skipped."""
        return filter(None, lines(chunks))

    def step(self, value: dict[str, Any]) -> dict[str, Any]:
        """Read `message` of `/api/chat`, or the top level of `/api/generate`."""
        message = value.get("message")
        step = _of_message(message if isinstance(message, dict) else value)
        if isinstance(value.get("response"), str):
            step["response"] = value["response"]
        step |= logprobs_in(value)
        if value.get("done"):
            step["finish_reason"] = value.get("done_reason") or "stop"
            step["usage"] = _ollama_usage(value)
        return step

    def result(self, value: dict[str, Any]) -> dict[str, Any]:
        """Read a complete answer as a step: it is the same object."""
        return {"response": "", **self.step(value)}


def translate_stream(label: str, dialect: Dialect, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the documented events for an engine's stream.

    It ends with `[DONE]` if the engine signaled in any way that it had finished. A JSON body in
    place of the stream becomes an envelope; anything else is passed on as it is, for the client to
    refuse.
    """
    head, source = _head(iter(chunks))
    if isinstance(dialect, OpenAIAnswers) and head[:1] == b"{":
        yield translate_whole(label, dialect, source)
        return
    if head[:1] in {b"<", b""}:
        yield from source
        return
    yield from _events(label, dialect, source)
    # To the end, so that the connection can be used again.
    for _ in source:
        pass


def translate_whole(label: str, dialect: Dialect, chunks: Iterable[bytes]) -> bytes:
    """Return the documented envelope for an engine's complete answer."""
    body = read_all(iter(chunks), LARGEST_BODY)
    value = _loaded(body)
    if value is None:
        return body
    complaint = error_in_body(label, value)
    if complaint:
        return compact(complaint.body())
    result = dialect.result(value)
    return compact({"result": result, "success": True, "errors": [], "messages": []})


def collect_stream(label: str, dialect: Dialect, chunks: Iterable[bytes]) -> bytes:
    """Return the documented envelope for an engine's stream.

    Raises the error that the stream reports, or `ResponseError` with `.partial` if it is cut off.
    """
    logprobs: list[Any] = []
    steps = list(decode_stream(_noting(translate_stream(label, dialect, chunks), logprobs)))
    text, last = "".join(step.text for step in steps), steps[-1]
    if last.finish == "ended_early":
        raise ResponseError(f"{label} cut off its answer.", partial=text)
    finish_reason = "length" if last.finish == "length" else "stop"
    result: dict[str, Any] = {"response": text, "finish_reason": finish_reason}
    if last.tool_calls:
        result["tool_calls"] = [{"id": each.id, **_written(each)} for each in last.tool_calls]
    if last.usage:
        counts = ("prompt_tokens", "completion_tokens", "total_tokens")
        result["usage"] = {name: getattr(last.usage, name) for name in counts}
    if logprobs:
        result["logprobs"] = logprobs
    return compact({"result": result, "success": True, "errors": [], "messages": []})


def _noting(stream: Iterable[bytes], logprobs: list[Any]) -> Iterator[bytes]:
    """Pass documented events on, and collect the log-probabilities in them."""
    for data in stream:
        if b'"logprobs"' in data:
            value = _loaded(data.removeprefix(b"data: ")) or {}
            logprobs += logprobs_in(value.get("result", value)).get("logprobs", [])
        yield data


def _written(call: ToolCall) -> dict[str, Any]:
    return {"name": call.name, "arguments": call.arguments}


def _events(label: str, dialect: Dialect, source: Iterator[bytes]) -> Iterator[bytes]:
    ended: dict[str, Any] = {}
    complete = False
    for data in dialect.framed(source):
        if data.strip() == b"[DONE]":
            complete = True
            break
        value = _loaded(data)
        if value is None:
            # Passed on as it is: the client counts unreadable events.
            yield b"data: " + data.replace(b"\n", b" ") + b"\n\n"
            continue
        if complaint := error_in_body(label, value):
            yield event(complaint.body())
            return
        step = dialect.step(value)
        ended |= {key: step.pop(key) for key in ("finish_reason", "usage") if key in step}
        if step:
            yield event(step)
    if ended:
        yield event({"response": "", **ended})
    if complete or "finish_reason" in ended:
        yield DONE


def _head(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Read until there is a byte that is not whitespace; return it with all chunks."""
    read = []
    for chunk in chunks:
        read.append(chunk)
        head = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()
        if head:
            return head, chain(read, chunks)
    return b"", iter(read)


def _loaded(data: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _of_choice(choice: dict[str, Any], key: str) -> dict[str, Any]:
    message = choice.get(key)
    if not isinstance(message, dict):
        message = {"content": choice.get("text")}
    step = _of_message(message) | logprobs_in(choice)
    if choice.get("finish_reason") is not None:
        step["finish_reason"] = choice["finish_reason"]
    return step


def _of_message(message: dict[str, Any]) -> dict[str, Any]:
    step: dict[str, Any] = {}
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if content not in (None, ""):
        step["response"] = content
    if message.get("tool_calls"):
        step["tool_calls"] = message["tool_calls"]
    return step | {name: message[name] for name in _THOUGHTS if message.get(name)}


def _ollama_usage(value: dict[str, Any]) -> dict[str, int]:
    counts = [value.get(name) for name in ("prompt_eval_count", "eval_count")]
    prompt, completion = (count if isinstance(count, int) else 0 for count in counts)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
