"""Documented requests in Ollama's own API: its `/v1` drops top_k and the penalty."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .changes import Change
from .model_facts import EngineRequest, ServedModel
from .openai_requests import template_turns, wrapped_tool
from .request_parts import (
    note_unsent,
    picture_for,
    requested_schema,
    sampling_for,
    undocumented_keys,
)
from .turn_rules import Turn, calls_in, image_url, text_of

_TOP_LEVEL = frozenset(
    {"keep_alive", "think", "format", "truncate", "shift", "logprobs", "top_logprobs", "suffix"}
)
_OPTIONS = frozenset(
    {"stop", "min_p", "num_ctx", "num_keep", "repeat_last_n", "typical_p", "num_gpu", "num_thread"}
)


def ollama_request(served: ServedModel, body: Mapping[str, Any]) -> EngineRequest:
    """Translate a documented request; see `EngineRequest`.

    Raises `InvalidImageError` for a picture that cannot be sent.
    """
    changes: list[Change] = []
    raw = bool(body.get("raw")) and "prompt" in body
    sent: dict[str, Any] = {"model": served.model, "stream": bool(body.get("stream"))}
    if raw:
        sent |= {"prompt": body["prompt"], "raw": True}
    else:
        sent["messages"] = _messages(served, body, changes)
    sent["options"] = sampling_for(served.engine, body, changes)
    if served.num_ctx is not None:
        sent["options"]["num_ctx"] = served.num_ctx
        changes.append(Change("num_ctx", f"{served.num_ctx} was added, as configured."))
    sent |= _format(body, changes)
    sent |= _tools(served, body, changes)
    _take_further(sent, body, changes)
    sent = {**served.engine.additions, **sent}
    changes += [
        Change(name, f"{json.dumps(value)} was added: overlong prompts are refused, not cut.")
        for name, value in served.engine.additions.items()
        if name not in body
    ]
    note_unsent(served.engine, body, changes)
    if body.get("raw") and not raw:
        changes.append(Change("raw", "Not sent: it needs a prompt. The template is applied."))
    return EngineRequest("/api/generate" if raw else "/api/chat", sent, tuple(changes))


def _format(body: Mapping[str, Any], changes: list[Change]) -> dict[str, Any]:
    schema = requested_schema(body)
    if schema is not None:
        asked = "guided_json" if "guided_json" in body else "response_format"
        changes.append(Change(asked, "Sent as format."))
        return {"format": schema}
    form = body.get("response_format")
    if isinstance(form, dict) and form.get("type") == "json_object":
        changes.append(Change("response_format", "Sent as format."))
        return {"format": "json"}
    return {}


def _tools(served: ServedModel, body: Mapping[str, Any], changes: list[Change]) -> dict[str, Any]:
    if not body.get("tools"):
        return {}
    if not served.takes_tools:
        sentence = served.engine.parameter_notes["tools"].sentence
        changes.append(Change("tools", f"Not sent. {sentence}"))
        return {}
    return {"tools": [wrapped_tool(tool) for tool in body["tools"]]}


def _take_further(sent: dict[str, Any], body: Mapping[str, Any], changes: list[Change]) -> None:
    """Put undocumented keys where Ollama reads them, or note that it does not."""
    for name, value in undocumented_keys(body).items():
        if name == "options" and isinstance(value, dict):
            sent["options"] |= value
        elif name in _TOP_LEVEL:
            sent[name] = value
        elif name in _OPTIONS:
            sent["options"][name] = value
            changes.append(Change(name, "Sent in options."))
        elif name != "response_format" or "format" not in sent:
            changes.append(Change(name, "Not sent: Ollama's API does not have this key."))


def _messages(
    served: ServedModel, body: Mapping[str, Any], changes: list[Change]
) -> list[dict[str, Any]]:
    if "prompt" in body:
        return [{"role": "user", "content": body["prompt"]}]
    return [
        _message(served, turn, f"messages[{number}]", changes)
        for number, turn in enumerate(template_turns(served, body["messages"], changes))
    ]


def _message(served: ServedModel, turn: Turn, path: str, changes: list[Change]) -> dict[str, Any]:
    parts = turn["content"]
    message: dict[str, Any] = {"role": turn.get("role"), "content": text_of(parts)}
    images = [
        picture_for(served.engine, url, f"{path}.content[{at}]", changes)
        for at, part in enumerate(parts)
        if (url := image_url(part)) is not None
    ]
    if images:
        message["images"] = [uri.partition(",")[2] for uri in images]
        if _text_before_picture(parts):
            changes.append(Change(path, "Ollama puts the pictures of a turn before its text."))
    if turn.get("tool_calls"):
        message["tool_calls"] = [_call(name, arguments) for _, name, arguments in calls_in(turn)]
    if turn.get("role") == "tool" and turn.get("name"):
        message["tool_name"] = turn["name"]
    return message


def _text_before_picture(parts: Iterable[Mapping[str, Any]]) -> bool:
    kinds = [image_url(part) is not None for part in parts]
    return kinds != sorted(kinds, reverse=True)


def _call(name: str, arguments: Any) -> dict[str, Any]:
    """Return a call with its arguments as an object, the only form that Ollama accepts."""
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError):
            arguments = {"arguments": arguments}
    if not isinstance(arguments, dict):
        arguments = {"arguments": arguments}
    return {"function": {"name": name, "arguments": arguments}}
