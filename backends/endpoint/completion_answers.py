"""Answers written as OpenAI's chat completions, whole and in chunks (wire.md 7)."""

import json
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from workers_ai import Chunk, Finish, ResponseError, ToolCall, Usage, wire_writing


class CompletionWriter:
    """Writes one answer, with its own id."""

    def __init__(self, model: str) -> None:
        self._about = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": model,
        }

    def whole(self, answer: Chunk) -> bytes:
        """Write a complete answer."""
        message: dict[str, Any] = {"role": "assistant", "content": answer.text}
        if answer.tool_calls:
            message["content"] = answer.text or None
            message["tool_calls"] = _calls(answer.tool_calls)
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": _reason(answer),
        }
        body = {**self._about, "object": "chat.completion", "choices": [choice]}
        return wire_writing.compact({**body, "usage": _usage(answer.usage)})

    def chunks(self, answer: Iterable[Chunk], *, include_usage: bool) -> Iterator[bytes]:
        """Write an answer as it arrives.

        Raises `ResponseError` at the end of one that was cut off: its readers would take it for
        complete.
        """
        yield self._event({"role": "assistant", "content": ""})
        before, after = self._around_text()
        last = Chunk()
        for last in answer:
            if last.text:
                yield f"{before}{json.dumps(last.text)}{after}".encode()
        if last.finish == "ended_early":
            raise ResponseError("The answer was cut off.")
        if last.tool_calls:
            calls = [{"index": at, **call} for at, call in enumerate(_calls(last.tool_calls))]
            yield self._event({"tool_calls": calls})
        yield self._event({}, _reason(last))
        if include_usage:
            yield self._written({"choices": [], "usage": _usage(last.usage)})
        yield wire_writing.DONE

    def _event(self, delta: dict[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return self._written({"choices": [choice]})

    def _around_text(self) -> tuple[str, str]:
        """Return the parts of an event before and after its text, the only part that changes."""
        before, _, after = self._event({"content": ""}).decode().partition('"content":""')
        return f'{before}"content":', after

    def _written(self, rest: dict[str, Any]) -> bytes:
        return wire_writing.event({**self._about, "object": "chat.completion.chunk", **rest})


def _calls(calls: Sequence[ToolCall]) -> list[dict[str, Any]]:
    return [
        {
            # Random: an id derived from the call would occur twice if a chat repeats the call.
            "id": f"call_{uuid.uuid4().hex[:24]}",
            "type": "function",
            "function": {"name": call.name, "arguments": _arguments(call)},
        }
        for call in calls
    ]


def _arguments(call: ToolCall) -> str:
    given = call.arguments
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)


def _reason(answer: Chunk) -> str:
    if answer.tool_calls:
        return "tool_calls"
    return _REASONS.get(answer.finish or "done", "stop")


_REASONS: dict[Finish, str] = {"length": "length"}


def _usage(usage: Usage | None) -> dict[str, Any]:
    counted = usage or Usage()
    counts: dict[str, Any] = wire_writing.usage(counted.prompt_tokens, counted.completion_tokens)
    return counts if counted.neurons is None else {**counts, "neurons": counted.neurons}
