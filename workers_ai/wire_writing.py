"""The bytes of the documented API: envelopes, events, errors (wire.md 1 to 3)."""

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from .errors import Fault

_PADDING = "abdefghijklmnoprstuvxyz1234567890" * 2
DONE = b"data: [DONE]\n\n"

JSON = {"content-type": "application/json"}
EVENTS = {"content-type": "text/event-stream"}


def envelope(result: Any) -> httpx.Response:
    """Return a response with a result in the API's envelope."""
    body = {"result": result, "success": True, "errors": [], "messages": []}
    return httpx.Response(200, headers=JSON, content=compact(body))


def inference_error(status: int, code: int, message: str) -> httpx.Response:
    """Return an error of Workers AI itself: its `result` is an empty object."""
    named = f"AiError: {message} ({uuid.uuid4()})"
    body = {
        "errors": [{"message": named, "code": code}],
        "success": False,
        "result": {},
        "messages": [],
    }
    return httpx.Response(status, headers=JSON, content=compact(body))


def routing_error(status: int, code: int, message: str) -> httpx.Response:
    """Return an error of the API's front end: its `result` is null."""
    body = {
        "result": None,
        "success": False,
        "errors": [{"code": code, "message": message}],
        "messages": [],
    }
    return httpx.Response(status, headers=JSON, content=compact(body))


def no_route(path: str) -> httpx.Response:
    """Refuse a path that leads nowhere."""
    shown = path.encode("ascii", "backslashreplace").decode()[:200]
    text = f"Could not route to {shown}, perhaps your object identifier is invalid?"
    return routing_error(404, 7003, text)


def no_method(method: str) -> httpx.Response:
    """Refuse a method that the path does not have."""
    return routing_error(405, 7001, f"{method} not supported for requested URI.")


def no_model(model: str) -> httpx.Response:
    """Refuse a model that is not served."""
    return inference_error(400, 5007, f"No such model {model[:200]} or task")


def bad_input(faults: Sequence[Fault]) -> httpx.Response:
    """Refuse a body that breaks the documented schema."""
    listed = ", ".join(f"'{_pointer(fault.path)}' {fault.message}" for fault in faults)
    return inference_error(400, 5006, f"Bad input: Error: {listed}")


def _pointer(path: str) -> str:
    return "/" + path.replace("[", "/").replace("]", "").replace(".", "/")


def text_event(text: str) -> bytes:
    """Return one text event of a stream, padded at random to hide the token's length."""
    padding = _PADDING[: 1 + os.urandom(1)[0] % len(_PADDING)]
    return f'data: {{"response":{json.dumps(text)},"p":"{padding}"}}\n\n'.encode()


def event(value: Mapping[str, Any]) -> bytes:
    """Return any other event of a stream."""
    return b"data: " + compact(value) + b"\n\n"


def usage(prompt: int, completion: int) -> dict[str, int]:
    """Return the `usage` object of an answer."""
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def tool_calls(calls: Sequence[tuple[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return calls in the flat shape documented for this model."""
    return [{"name": name, "arguments": dict(arguments)} for name, arguments in calls]


def compact(value: Any) -> bytes:
    """Return JSON without spaces; lone surrogates stay escaped."""
    return json.dumps(value, separators=(",", ":")).encode()
