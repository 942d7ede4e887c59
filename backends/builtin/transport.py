"""The built-in model behind the documented API, without a network."""

import json
import re
import time
from collections.abc import Iterator
from threading import Event
from typing import Any
from urllib.parse import unquote

import httpx

from workers_ai import Fault, InvalidImageError, InvalidRequestError, parse_request, wire_writing

from .answer import Answer, PromptTooLongError
from .grammars import GrammarError
from .language_model import CONTEXT_WINDOW, MODEL

_RUN = re.compile(r"/client/v4/accounts/[^/]+/ai/run/(?P<model>.+)")
_SEARCH = re.compile(r"/client/v4/accounts/[^/]+/ai/models/search")


class BuiltInTransport(httpx.BaseTransport):
    """A transport that answers Workers AI requests in this process, in the API's wire format.

    It opens no socket. Any number of answers may be generated in parallel, from any threads. A
    stream is generated while it is read, and closing it stops the generation. `tokens_per_second`
    slows streams down to a readable pace, except for the first token; None is as fast as possible.
    In addition to the input schema's rules it rejects a `max_tokens` below 1, as engines do.
    """

    def __init__(self, *, tokens_per_second: float | None = None) -> None:
        self._tokens_per_second = tokens_per_second

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request. No content of a request makes it raise."""
        path = unquote(request.url.path)
        if _SEARCH.fullmatch(path):
            is_get = request.method == "GET"
            return _catalog() if is_get else wire_writing.no_method(request.method)
        route = _RUN.fullmatch(path)
        if route is None:
            return wire_writing.no_route(path)
        if request.method != "POST":
            return wire_writing.no_method(request.method)
        if route["model"] != MODEL:
            return wire_writing.no_model(route["model"])
        return self._run(request.read())

    def _run(self, content: bytes) -> httpx.Response:
        try:
            body = _checked(content)
            answer = Answer(body)
        except InvalidRequestError as error:
            return wire_writing.bad_input(error.faults)
        except InvalidImageError as error:
            return wire_writing.inference_error(400, 5004, f"Bad input: {error.message}")
        except GrammarError as error:
            return wire_writing.inference_error(400, 8007, _engine_complaint(str(error)))
        except PromptTooLongError as error:
            return wire_writing.inference_error(413, 5021, _too_long(error.tokens))
        if body.get("stream"):
            stream = _Stream(answer, self._tokens_per_second)
            return httpx.Response(200, headers=wire_writing.EVENTS, stream=stream)
        return _complete_response(answer)


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: Answer, tokens_per_second: float | None) -> None:
        self._answer = answer
        self._pause = 1 / tokens_per_second if tokens_per_second else 0.0
        self._closed = Event()

    def __iter__(self) -> Iterator[bytes]:
        answer = self._answer
        started = time.monotonic()
        for number, text in enumerate(answer.pieces()):
            self._closed.wait(started + number * self._pause - time.monotonic())
            if self._closed.is_set():
                return
            if text:
                yield wire_writing.text_event(text)
        if answer.tool_calls:
            calls = wire_writing.tool_calls(answer.tool_calls)
            yield wire_writing.event({"response": "", "tool_calls": calls})
        yield wire_writing.event({"response": "", **_ending(answer), "usage": _usage(answer)})
        yield wire_writing.DONE

    def close(self) -> None:
        """Stop generating; a reader waiting for the next token is released immediately."""
        self._closed.set()


def _checked(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        reason = "is nested too deeply" if isinstance(error, RecursionError) else "is not JSON"
        raise InvalidRequestError([Fault("", f"the body {reason}")]) from error
    body = parse_request(value).body()
    if body.get("max_tokens", 1) < 1:
        raise InvalidRequestError([Fault("max_tokens", "must be at least 1")])
    if "lora" in body:
        raise InvalidRequestError([Fault("lora", "this model does not support LoRA adapters")])
    return body


def _complete_response(answer: Answer) -> httpx.Response:
    text = "".join(answer.pieces())
    result: dict[str, Any] = {"response": text}
    if answer.tool_calls:
        result["tool_calls"] = wire_writing.tool_calls(answer.tool_calls)
    return wire_writing.envelope({**result, **_ending(answer), "usage": _usage(answer)})


def _ending(answer: Answer) -> dict[str, str]:
    """Return how an answer ended if its token count does not show it (wire.md 1.2)."""
    return {"finish_reason": "length"} if answer.cut else {}


def _usage(answer: Answer) -> dict[str, int]:
    return wire_writing.usage(answer.prompt_tokens, answer.completion_tokens)


def _engine_complaint(reason: str) -> str:
    complaint = {
        "object": "error",
        "message": f"The schema in guided_json cannot be used: {reason}",
        "type": "BadRequestError",
        "param": None,
        "code": 400,
    }
    return f"AiError: {json.dumps(complaint)}"


def _too_long(tokens: int) -> str:
    return (
        f"Ai: The estimated number of input and maximum output tokens ({tokens}) exceeded this "
        f"model context window limit ({CONTEXT_WINDOW})."
    )


def _catalog() -> httpx.Response:
    entry = {
        "id": MODEL,
        "name": MODEL,
        "description": "Cabochon's built-in help model: n-grams over the guide. It is not Gemma.",
        "task": {"name": "Text Generation"},
        "properties": [{"property_id": "context_window", "value": str(CONTEXT_WINDOW)}],
    }
    return wire_writing.envelope([entry])
