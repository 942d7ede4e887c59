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
"""What the chat template adds to each turn (wire.md 8.2)."""

TOKENS_PER_IMAGE = 260
"""256 for the picture itself, the rest around it (wire.md 4.2)."""

BOTH_FORMS = "a request has messages or a prompt; this one has both, which is not accepted"
NEITHER_FORM = "a request needs messages (a list) or a prompt (a text); this one has neither"


class _Request(Parameters, extra="allow"):
    """What both forms share: the parameters lie flat beside the form's own keys.

    Keys beyond the documented ones are kept and travel, because the schema does not forbid them.
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
        """The parameters alone."""
        return Parameters(**super().body())

    def body(self) -> dict[str, Any]:
        """Return the JSON object that is sent: the keys that were given, and nothing else.

        It is a copy, in an order made for reading: the prompt or messages first, then what is
        offered, then the parameters, then the keys that are not documented.
        """
        return {name: plain(value) for name, value in self._given().items()}

    def json_bytes(self) -> bytes:
        """Return the bytes that are sent: compact JSON in UTF-8.

        UTF-8 has no half characters: a surrogate without its other half becomes U+FFFD, and two
        halves that stand together become the character they mean.
        """
        # Models are unfolded by the encoder itself: a long conversation is thousands of them.
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
        """Return this request with some keys changed, checked as a new one is; None unsets.

        A value that is not accepted raises pydantic's ValidationError, as in a constructor.
        """
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**given, **(self.model_extra or {}), **changes})


_LEADING = ("prompt", "messages", "tools", "functions", "guided_json")


def _prompt(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    raise PydanticCustomError("prompt", "the prompt must be a text of at least one character")


class PromptRequest(_Request):
    """A request with a prompt: one text, without a conversation."""

    _other_form = "messages"

    prompt: Annotated[str, PlainValidator(_prompt)]
    """The input text prompt for the model to generate a response."""


def _tuple_of(item: Any) -> GetPydanticSchema:
    # Any sequence is taken and kept as a tuple, so that a request cannot be changed from outside.
    return GetPydanticSchema(lambda _source, handler: handler(tuple[item, ...]))


class ChatRequest(_Request):
    """A request with a conversation, and perhaps with pictures and tools."""

    _other_form = "prompt"

    messages: Annotated[Sequence[Message], _tuple_of(Message)]
    """An array of message objects representing the conversation history."""

    tools: Annotated[Sequence[Tool | FunctionTool], _tuple_of(AnyTool)] | None = None
    """A list of tools available for the assistant to use."""

    functions: Annotated[Sequence[FunctionDefinition], _tuple_of(FunctionDefinition)] | None = None
    """Functions with their code. They are sent, and never executed here."""


def estimate_tokens(request: ChatRequest | PromptRequest) -> int:
    """Estimate how many tokens the prompt takes, without the model's tokenizer (wire.md 8.2).

    Four ASCII characters or two others make a token. A raw prompt is taken as it is; anything else
    pays for the chat template. Tools count as their JSON.
    """
    if isinstance(request, PromptRequest):
        template = 0 if request.raw else TOKENS_PER_TURN
        return 1 + template + _text_tokens(request.prompt)
    offered = json.dumps(plain(request.tools), ensure_ascii=False) if request.tools else ""
    return 1 + _text_tokens(offered) + sum(map(_message_tokens, request.messages))


def estimate_message_tokens(text: str, pictures: int = 0) -> int:
    """Estimate how many tokens one message takes, with so many pictures."""
    return TOKENS_PER_TURN + TOKENS_PER_IMAGE * pictures + _text_tokens(text)


def _message_tokens(message: Message) -> int:
    return estimate_message_tokens(message.text, len(message.images))


def _text_tokens(text: str) -> int:
    ascii_count = len(text.encode("ascii", "ignore"))
    return math.ceil(ascii_count / 4 + (len(text) - ascii_count) / 2)
