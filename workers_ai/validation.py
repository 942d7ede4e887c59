"""Validation of untrusted values: each is accepted, or rejected with all its faults."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .errors import Fault, InvalidRequestError
from .json_values import path, shown
from .parameters import FROM_JSON, PARAMETERS, Parameters
from .requests import BOTH_FORMS, NEITHER_FORM, ChatRequest, PromptRequest
from .tools import AnyTool, FunctionTool, Tool

T = TypeVar("T")

_TOOL: TypeAdapter[Tool | FunctionTool] = TypeAdapter(AnyTool)


def parse_request(value: object) -> ChatRequest | PromptRequest:
    """Parse the decoded JSON of a request, or raise InvalidRequestError with every fault.

    It accepts what the page's input schema accepts, and sends that unchanged, with three
    deliberate exceptions: pictures must start with `data:`, where the schema's pattern also
    matches "database"; both forms together are rejected, though the schema accepts a `prompt`
    next to `messages` when one of the two is invalid; and what cannot be written as JSON, such as
    NaN or a thousand levels of nesting, is rejected here and not by the server.
    """
    value = _object(value, "a request")
    if "messages" in value and "prompt" in value:
        without_prompt = {key: item for key, item in value.items() if key != "prompt"}
        raise InvalidRequestError([Fault("", BOTH_FORMS), *_chat_faults(without_prompt)])
    if "messages" not in value and "prompt" not in value:
        with_messages = {**value, "messages": []}
        raise InvalidRequestError([Fault("", NEITHER_FORM), *_chat_faults(with_messages)])
    form = ChatRequest if "messages" in value else PromptRequest
    return _checked(lambda: form.model_validate(value, context=FROM_JSON))


def parse_parameters(value: object) -> Parameters:
    """Parse parameters by name, or raise InvalidRequestError; other keys are rejected."""
    value = _object(value, "the parameters")
    return _checked(lambda: Parameters.model_validate(value, context=FROM_JSON))


def check_parameter(name: str, value: object) -> Any:
    """Return the value to send for one parameter, or raise InvalidRequestError."""
    return getattr(parse_parameters({name: value}), name)


def read_parameter(name: str, text: str) -> Any:
    """Parse one parameter from text, typed or from a link: `0.6`, `42`, `true`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    return check_parameter(name, value)


def parse_tool(value: object) -> Tool | FunctionTool:
    """Parse a tool of either documented shape, or raise InvalidRequestError with every fault."""
    return _checked(lambda: _TOOL.validate_python(_object(value, "a tool")))


def _object(value: object, what: str) -> dict[Any, Any]:
    if isinstance(value, dict):
        return value
    raise InvalidRequestError([Fault("", f"{what} must be a JSON object, not {shown(value)}")])


def _chat_faults(value: dict[Any, Any]) -> list[Fault]:
    try:
        ChatRequest.model_validate(value, context=FROM_JSON)
    except ValidationError as error:
        return faults(error)
    return []


def _checked(validate: Callable[[], T]) -> T:
    try:
        return validate()
    except ValidationError as error:
        # Not chained: the original repeats the whole input, pictures included.
        raise InvalidRequestError(faults(error)) from None


def faults(error: ValidationError) -> list[Fault]:
    """Translate every entry of `error`, in order."""
    return [_fault(entry) for entry in error.errors(include_url=False)]


def _fault(entry: ErrorDetails) -> Fault:
    place, kind = entry["loc"], entry["type"]
    if place[-1:] == ("[key]",):
        return Fault(path(place[:-2]), _SENTENCES["invalid_key"])
    if kind == "invalid_key":
        return Fault(path(place[:-1]), _SENTENCES[kind])
    return Fault(path(place), _sentence(entry))


def _sentence(entry: ErrorDetails) -> str:
    place, kind = entry["loc"], entry["type"]
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind in _WANTED:
        return f"{shown(entry['input'])} is not accepted; it must be {_WANTED[kind]}"
    if kind in _OF_A_PARAMETER:
        return PARAMETERS[str(place[0])].refusal(entry["input"])
    return entry["msg"]


_SENTENCES = {
    "missing": "this key is required",
    "extra_forbidden": "this is not a documented parameter",
    "invalid_key": "every key of a JSON object must be a string",
    "string_unicode": "a key contains a lone surrogate, which is not accepted",
}

_WANTED = {
    "string_type": "a string",
    "dict_type": "an object",
    "model_type": "an object",
    "list_type": "a list",
    "tuple_type": "a list",
}

_OF_A_PARAMETER = {
    "int_type",
    "float_type",
    "bool_type",
    "finite_number",
    "greater_than_equal",
    "less_than_equal",
}
