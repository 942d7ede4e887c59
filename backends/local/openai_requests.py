"""Documented requests in OpenAI's API, for llama-server, vLLM, LM Studio and others."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .changes import Change
from .logprobs import completion_logprobs
from .model_facts import EngineRequest, ServedModel
from .request_parts import (
    note_unsent,
    picture_for,
    requested_schema,
    response_format,
    sampling_for,
    undocumented_keys,
)
from .turn_rules import Turn, alternate_roles, calls_in, image_url, text_of, to_turns, tools_as_text


def openai_request(served: ServedModel, body: Mapping[str, Any]) -> EngineRequest:
    """Translate a documented request; see `EngineRequest`.

    Raises `InvalidImageError` for a picture that cannot be sent.
    """
    changes: list[Change] = []
    raw = bool(body.get("raw")) and "prompt" in body
    sent: dict[str, Any] = {"model": served.model}
    if raw:
        sent["prompt"] = body["prompt"]
    else:
        sent["messages"] = _messages(served, body, changes)
    sent |= sampling_for(served.engine, body, changes)
    sent |= _additions(served, body, changes)
    sent |= _schema(served, body, changes, raw=raw)
    sent |= _tools(served, body, changes)
    sent |= _streaming(served, body, changes)
    note_unsent(served.engine, body, changes)
    if body.get("raw") and not raw:
        changes.append(Change("raw", "Not sent: it needs a prompt. The template is applied."))
    path = "/completions" if raw else "/chat/completions"
    others = (
        completion_logprobs(undocumented_keys(body), changes) if raw else undocumented_keys(body)
    )
    return EngineRequest(path, {**others, **sent}, tuple(changes))


def _additions(
    served: ServedModel, body: Mapping[str, Any], changes: list[Change]
) -> dict[str, Any]:
    added = {name: v for name, v in served.engine.additions.items() if name not in body}
    label = served.engine.label
    changes += [Change(n, f"{v} was added: {label}'s default differs.") for n, v in added.items()]
    return added


def _streaming(
    served: ServedModel, body: Mapping[str, Any], changes: list[Change]
) -> dict[str, Any]:
    if not body.get("stream"):
        if not served.engine.streams_always:
            return {}
        changes.append(Change("stream", served.engine.parameter_notes["stream"].sentence))
    # Without this option, a stream has no usage.
    return {"stream": True, "stream_options": {"include_usage": True}}


def _schema(
    served: ServedModel, body: Mapping[str, Any], changes: list[Change], *, raw: bool
) -> dict[str, Any]:
    schema = requested_schema(body)
    if schema is None:
        return {}
    key = served.engine.raw_schema if raw else "response_format"
    if "guided_json" in body:
        changes.append(Change("guided_json", f"Sent as {key}."))
    return {key: response_format(schema) if key == "response_format" else schema}


def _tools(served: ServedModel, body: Mapping[str, Any], changes: list[Change]) -> dict[str, Any]:
    tools = body.get("tools")
    if not tools:
        return {}
    if not served.takes_tools:
        changes.append(
            Change("tools", f"Not sent. {served.engine.parameter_notes['tools'].sentence}")
        )
        return {}
    wrapped = [wrapped_tool(tool) for tool in tools]
    if wrapped != tools:
        changes.append(Change("tools", "Wrapped as {type: function, function: …}."))
    return {"tools": wrapped}


def wrapped_tool(tool: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tool in the wrapped shape, the only one that engines accept."""
    return dict(tool) if "function" in tool else {"type": "function", "function": dict(tool)}


def template_turns(
    served: ServedModel, messages: Sequence[Mapping[str, Any]], changes: list[Change]
) -> list[Turn]:
    """Return the messages as turns that the model's template accepts."""
    turns = to_turns(messages, changes)
    if not served.takes_tools:
        turns = tools_as_text(turns, changes)
    if served.alternates:
        turns = alternate_roles(turns, changes, own_system=served.engine.own_system)
    return turns


def _messages(
    served: ServedModel, body: Mapping[str, Any], changes: list[Change]
) -> list[dict[str, Any]]:
    if "prompt" in body:
        return [{"role": "user", "content": body["prompt"]}]
    ids: list[tuple[str, str]] = []
    written = []
    for number, turn in enumerate(template_turns(served, body["messages"], changes)):
        message = {**turn, "content": _content(served, turn, f"messages[{number}]", changes)}
        if turn.get("tool_calls"):
            message["tool_calls"] = [_call(*call) for call in calls_in(turn)]
            ids = [(call_id, name) for call_id, name, _ in calls_in(turn)]
        elif turn.get("role") == "tool" and "tool_call_id" not in turn and ids:
            message["tool_call_id"] = _taken_id(ids, turn.get("name"))
        written.append(message)
    return written


def _content(
    served: ServedModel, turn: Turn, path: str, changes: list[Change]
) -> str | list[dict[str, Any]]:
    parts = turn["content"]
    if not any(map(image_url, parts)):
        return text_of(parts)
    return [
        _picture(served, url, f"{path}.content[{at}]", changes)
        if (url := image_url(part)) is not None
        else {"type": "text", **part}
        for at, part in enumerate(parts)
    ]


def _picture(served: ServedModel, url: str, path: str, changes: list[Change]) -> dict[str, Any]:
    sent = picture_for(served.engine, url, path, changes)
    return {"type": "image_url", "image_url": {"url": sent}}


def _call(call_id: str, name: str, arguments: Any) -> dict[str, Any]:
    written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    function = {"name": name, "arguments": written}
    return {"id": call_id, "type": "function", "function": function}


def _taken_id(ids: list[tuple[str, str]], name: Any) -> str:
    """Remove and return the id of the call that a result without an id answers."""
    found = next((at for at, (_, called_name) in enumerate(ids) if called_name == name), 0)
    return ids.pop(found)[0]
