"""OpenAI's chat completions, read as documented requests (wire.md 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tools import ToolBuilder, describe_tools
from workers_ai import ChatRequest, Fault, InvalidRequestError, Tool, ToolSupport, parse_request

from ..local.turn_rules import alternate_roles, to_turns, tools_as_text
from . import error_responses
from .body_checks import schema_of

_OWN = frozenset(
    {
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "model",
        "response_format",
        "stop",
        "stream",
        "stream_options",
        "tool_choice",
        "tools",
    }
)
_WITHOUT_EFFECT = frozenset(
    {
        "logprobs",
        "metadata",
        "modalities",
        "n",
        "options",
        "parallel_tool_calls",
        "prompt_cache_key",
        "safety_identifier",
        "service_tier",
        "store",
        "user",
    }
)
"""Keys that do not affect an answer, once their values are checked."""

_MOST_STOPS = 16


class RefusedError(Exception):
    """A request is refused with a specific response."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        super().__init__()


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """A requested chat completion."""

    request: ChatRequest
    """The equivalent documented request."""

    stream: bool = False
    include_usage: bool = False
    stop: tuple[str, ...] = ()
    """Texts that end the answer. The page has no such parameter: this endpoint applies them."""

    forced: str = ""
    """The tool whose arguments the answer's text is."""

    described: tuple[Tool, ...] = ()
    """The tools described in the prompt, whose calls are found in the text."""


def read_completion(body: Mapping[str, Any], support: ToolSupport) -> CompletionRequest:
    """Read the body of a request.

    Raises `InvalidRequestError` with the faults, and `RefusedError`.
    """
    given = {key: value for key, value in body.items() if value is not None}
    _check(given)
    tools = _tools(given.get("tools", []))
    forced = _forced(given.get("tool_choice", "auto"), tools)
    documented = {
        **{key: value for key, value in given.items() if key not in _OWN | _WITHOUT_EFFECT},
        "messages": _messages(given.get("messages")),
    }
    if (most := given.get("max_completion_tokens", given.get("max_tokens"))) is not None:
        documented["max_tokens"] = most
    schema = schema_of(given.get("response_format"), given.get("messages"))
    if schema is not None:
        documented.setdefault("guided_json", schema)
    if given.get("tool_choice") == "none":
        tools = []
    offered = _offered(documented, tools, forced, support)
    options = given.get("stream_options")
    return CompletionRequest(
        _shaped(offered, support),
        stream=given.get("stream", False),
        include_usage=isinstance(options, dict) and options.get("include_usage") is True,
        stop=_stops(given.get("stop", ())),
        forced=forced.name if forced else "",
        described=() if forced or support.takes_tools else tuple(tools),
    )


def _check(given: Mapping[str, Any]) -> None:
    """Refuse keys that would give an answer the caller does not expect."""
    faults = []
    if not isinstance(given.get("stream", False), bool):
        faults.append(Fault("stream", "must be true or false"))
    if given.get("n", 1) != 1:
        faults.append(Fault("n", "must be 1: there is one answer per request"))
    if given.get("logprobs") or given.get("top_logprobs"):
        faults.append(Fault("logprobs", "this model does not report them"))
    if given.get("logit_bias"):
        faults.append(Fault("logit_bias", "this model does not support it"))
    if given.get("modalities", ["text"]) != ["text"] or given.get("audio"):
        faults.append(Fault("modalities", "this model answers only with text"))
    faults += [
        Fault(name, "use tools instead") for name in ("functions", "function_call") if name in given
    ]
    if faults:
        raise InvalidRequestError(faults)
    if given.get("tool_choice") == "any":
        sentence = 'tool_choice must be "auto", "none", "required" or name a function.'
        raise RefusedError(error_responses.invalid_input(sentence))


def _messages(messages: Any) -> Any:
    if not isinstance(messages, list):
        raise InvalidRequestError([Fault("messages", "a list of messages is required")])
    return [_message(message) if isinstance(message, dict) else message for message in messages]


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message without OpenAI's nulls: content is required (wire.md 4.4)."""
    given = {key: value for key, value in message.items() if value is not None}
    role = "system" if given.get("role") == "developer" else given.get("role")
    return {**given, "role": role, "content": given.get("content", "")}


def _tools(given: Any) -> list[Tool]:
    """Read tools, filling in what the page requires of a schema and OpenAI does not."""
    if not isinstance(given, list):
        raise InvalidRequestError([Fault("tools", "must be a list")])
    gathering = ToolBuilder()
    for number, entry in enumerate(given):
        function = entry.get("function", entry) if isinstance(entry, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(name, str) or not isinstance(function, dict):
            raise InvalidRequestError([Fault(f"tools[{number}]", "must be a function with a name")])
        gathering.add(name, function.get("description"), function.get("parameters"))
        if gathering.reason:
            raise InvalidRequestError([Fault(f"tools[{number}]", gathering.reason)])
    return gathering.tools


def _forced(choice: Any, tools: Sequence[Tool]) -> Tool | None:
    """Return the tool that must be called, if there is exactly one."""
    if choice == "required" and len(tools) == 1:
        return tools[0]
    if isinstance(choice, str) and choice in ("auto", "none", "required"):
        return None
    function = choice.get("function") if isinstance(choice, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    found = next((tool for tool in tools if tool.name == name), None)
    if found is None:
        raise InvalidRequestError([Fault("tool_choice", "must name one of the tools")])
    return found


def _offered(
    documented: dict[str, Any], tools: Sequence[Tool], forced: Tool | None, support: ToolSupport
) -> dict[str, Any]:
    """Return the body with its tools in the form that the backend accepts.

    A required call is requested as JSON: its arguments follow the tool's own schema.
    """
    if forced:
        prompt = f"Answer with the arguments of a call of {forced.name}: {forced.description}"
        return {**_with_system(documented, prompt), "guided_json": forced.parameters}
    if not tools:
        return documented
    if support.takes_tools:
        return {**documented, "tools": [tool.body() for tool in tools]}
    return _with_system(documented, describe_tools(tools))


def _with_system(documented: dict[str, Any], text: str) -> dict[str, Any]:
    return {
        **documented,
        "messages": [{"role": "system", "content": text}, *documented["messages"]],
    }


def _shaped(documented: dict[str, Any], support: ToolSupport) -> ChatRequest:
    """Check the request; tool turns become user turns if the model's template needs that."""
    request = parse_request(documented)
    if not isinstance(request, ChatRequest):
        raise InvalidRequestError([Fault("messages", "a list of messages is required")])
    roles = {message.role for message in request.messages}
    if support.result_role == "tool" or "tool" not in roles:
        return request
    turns = tools_as_text(to_turns(request.body()["messages"], []), [])
    return request.replace(messages=alternate_roles(turns, [], own_system=True))


def _stops(given: Any) -> tuple[str, ...]:
    stops = (given,) if isinstance(given, str) else given
    fits = isinstance(stops, list | tuple) and len(stops) <= _MOST_STOPS
    if not fits or not all(isinstance(stop, str) and stop for stop in stops):
        sentence = f"must be a string or a list of at most {_MOST_STOPS} strings, not empty"
        raise InvalidRequestError([Fault("stop", sentence)])
    return tuple(stops)
