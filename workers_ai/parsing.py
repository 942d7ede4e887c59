"""The way in for values from outside: each is checked whole, or refused with all its faults."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from .errors import Fault, InvalidRequestError
from .faults import faults
from .json_values import shown
from .parameters import FROM_JSON, Parameters
from .requests import BOTH_FORMS, NEITHER_FORM, ChatRequest, PromptRequest
from .tools import AnyTool, FunctionTool, Tool

T = TypeVar("T")

_TOOL: TypeAdapter[Tool | FunctionTool] = TypeAdapter(AnyTool)


def parse_request(value: object) -> ChatRequest | PromptRequest:
    """Read the decoded JSON of a request, or raise InvalidRequestError with every fault.

    It accepts what the page's input schema accepts, and sends that unchanged. On purpose it is
    stricter in this: pictures must start with `data:` where the schema's pattern takes any word
    that begins so; both forms at once are refused, though the schema lets a `prompt` pass beside
    `messages` when one of the two is not valid; and what could not be written as JSON, as NaN or
    a thousand levels of nesting, is refused here and not by the server.
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
    """Read parameters by their names, or raise InvalidRequestError; other keys are refused."""
    value = _object(value, "the parameters")
    return _checked(lambda: Parameters.model_validate(value, context=FROM_JSON))


def check_parameter(name: str, value: object) -> Any:
    """Return the value that is sent for one parameter, or raise InvalidRequestError."""
    return getattr(parse_parameters({name: value}), name)


def read_parameter(name: str, text: str) -> Any:
    """Check one parameter that comes as text, typed or from a link: `0.6`, `42`, `true`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    return check_parameter(name, value)


def parse_tool(value: object) -> Tool | FunctionTool:
    """Read a tool of either documented shape, or raise InvalidRequestError with every fault."""
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
