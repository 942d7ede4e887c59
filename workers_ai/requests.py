"""Requests, in the two documented forms: `messages` and `prompt`."""

import json
import math
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, GetPydanticSchema, PlainValidator, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from .json_values import JSONObject, JSONValue, WireModel, plain
from .messages import Message
from .parameters import Parameters
from .tools import AnyTool, FunctionDefinition, FunctionTool, Tool

TOKENS_PER_TURN = 5
"""Tokens that the chat template adds to each turn (wire.md 8.2)."""

TOKENS_PER_IMAGE = 260
"""256 for the picture itself, the rest for its delimiters (wire.md 4.2)."""

BOTH_FORMS = "a request has messages or a prompt; this one has both, which is not accepted"
NEITHER_FORM = "a request needs messages (a list) or a prompt (a string); this one has neither"


class _Request(Parameters, extra="allow"):
    """The common part of both forms: the parameters are flat, next to the form's own keys.

    Undocumented keys are kept and sent, because the schema does not forbid them.
    """

    __pydantic_extra__: dict[str, JSONValue] = Field(init=False)
    _other_form: ClassVar[str]

    guided_json: JSONObject | None = None
    """JSON schema that should be fufilled for the response."""

    lora: StrictStr | None = None
    """The name or id of a finetune. It is not in the page's input schema (wire.md 7.1)."""

    @model_validator(mode="after")
    def _refuse_both_forms(self) -> Self:
        if self._other_form in (self.model_extra or {}):
            raise PydanticCustomError("both_forms", BOTH_FORMS)
        return self

    @property
    def parameters(self) -> Parameters:
        """The parameters without the rest."""
        return Parameters(**super().body())

    def body(self) -> dict[str, Any]:
        """Return the JSON object that is sent: only the keys that were set.

        It is a copy in reading order: the prompt or messages, tools, functions and `guided_json`,
        the parameters, and then undocumented keys.
        """
        return {name: plain(value) for name, value in self._given().items()}

    def json_bytes(self) -> bytes:
        """Return the bytes that are sent: compact JSON in UTF-8.

        UTF-8 has no surrogates: a lone one becomes U+FFFD, and a pair becomes its character.
        """
        # The encoder itself expands models: a long conversation has thousands of them.
        text = json.dumps(
            self._given(),
            default=WireModel.given,
            ensure_ascii=False,
            allow_nan=False,
            separators=(",", ":"),
        )
        try:
            return text.encode()
        except UnicodeEncodeError:
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()

    def _given(self) -> dict[str, Any]:
        leading = {name: getattr(self, name, None) for name in _LEADING}
        documented = leading | super().body() | {"lora": self.lora}
        given = {name: value for name, value in documented.items() if value is not None}
        return given | (self.model_extra or {})

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some keys changed, validated like a new request; None unsets a key.

        An invalid value raises pydantic's ValidationError, as in the constructor.
        """
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**given, **(self.model_extra or {}), **changes})


_LEADING = ("prompt", "messages", "tools", "functions", "guided_json")


def _prompt(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    raise PydanticCustomError("prompt", "the prompt must be a non-empty string")


class PromptRequest(_Request):
    """A request with a prompt: plain text instead of a conversation."""

    _other_form = "messages"

    prompt: Annotated[str, PlainValidator(_prompt)]
    """The input text prompt for the model to generate a response."""


def _tuple_of(item: Any) -> GetPydanticSchema:
    # Any sequence is accepted and kept as a tuple, which keeps the request immutable.
    return GetPydanticSchema(lambda _source, handler: handler(tuple[item, ...]))


class ChatRequest(_Request):
    """A request with a conversation, optionally with pictures and tools."""

    _other_form = "prompt"

    messages: Annotated[Sequence[Message], _tuple_of(Message)]
    """An array of message objects representing the conversation history."""

    tools: Annotated[Sequence[Tool | FunctionTool], _tuple_of(AnyTool)] | None = None
    """A list of tools available for the assistant to use."""

    functions: Annotated[Sequence[FunctionDefinition], _tuple_of(FunctionDefinition)] | None = None
    """Functions with their code, sent but never executed here."""


def estimate_tokens(request: ChatRequest | PromptRequest) -> int:
    """Estimate the tokens of the prompt, without the model's tokenizer (wire.md 8.2).

    A token is four ASCII characters or two others. The chat template is added, except to a raw
    prompt. Tools count as their JSON.
    """
    if isinstance(request, PromptRequest):
        template = 0 if request.raw else TOKENS_PER_TURN
        return 1 + template + _text_tokens(request.prompt)
    offered = json.dumps(plain(request.tools), ensure_ascii=False) if request.tools else ""
    return 1 + _text_tokens(offered) + sum(map(_message_tokens, request.messages))


def estimate_message_tokens(text: str, pictures: int = 0) -> int:
    """Estimate the tokens of one message with its pictures."""
    return TOKENS_PER_TURN + TOKENS_PER_IMAGE * pictures + _text_tokens(text)


def _message_tokens(message: Message) -> int:
    return estimate_message_tokens(message.text, len(message.images))


def _text_tokens(text: str) -> int:
    ascii_count = len(text.encode("ascii", "ignore"))
    return math.ceil(ascii_count / 4 + (len(text) - ascii_count) / 2)
