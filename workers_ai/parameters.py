"""The sampling parameters: the only source of their bounds, documented defaults and help."""

from collections.abc import Callable, Mapping
from operator import gt, le
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationInfo, field_validator

from .json_values import AS_INTEGER, AS_NUMBER, is_integer, is_number, refuse_null, shown

FROM_JSON = object()
"""The validation context of untrusted values: there null is a value, not an absent key."""


class Parameters(BaseModel):
    """The parameters of a request. None means *not sent*: the service then uses its default."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    max_tokens: Annotated[int, Field(json_schema_extra={"default": 256}), AS_INTEGER] | None = None
    """The maximum number of tokens to generate in the response."""

    temperature: (
        Annotated[float, Field(ge=0, le=5, json_schema_extra={"default": 0.6}), AS_NUMBER] | None
    ) = None
    """Controls the randomness of the output; higher values produce more random results."""

    top_p: Annotated[float, Field(ge=0, le=2), AS_NUMBER] | None = None
    """Adjusts the creativity of the AI's responses by controlling how many possible words it
    considers. Lower values make outputs more predictable; higher values allow for more varied and
    creative responses."""

    top_k: Annotated[int, Field(ge=1, le=50), AS_INTEGER] | None = None
    """Limits the AI to choose from the top 'k' most probable words. Lower values make responses
    more focused; higher values introduce more variety and potential surprises."""

    seed: Annotated[int, Field(ge=1, le=9_999_999_999), AS_INTEGER] | None = None
    """Random seed for reproducibility of the generation."""

    repetition_penalty: Annotated[float, Field(ge=0, le=2), AS_NUMBER] | None = None
    """Penalty for repeated tokens; higher values discourage repetition."""

    frequency_penalty: Annotated[float, Field(ge=0, le=2), AS_NUMBER] | None = None
    """Decreases the likelihood of the model repeating the same lines verbatim."""

    presence_penalty: Annotated[float, Field(ge=0, le=2), AS_NUMBER] | None = None
    """Increases the likelihood of the model introducing new topics."""

    stream: Annotated[StrictBool, Field(json_schema_extra={"default": False})] | None = None
    """If true, the response will be streamed back incrementally using SSE, Server Sent Events."""

    raw: Annotated[StrictBool, Field(json_schema_extra={"default": False})] | None = None
    """If true, a chat template is not applied and you must adhere to the specific model's expected
    formatting."""

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: Any, info: ValidationInfo) -> Any:
        return refuse_null() if value is None and info.context is FROM_JSON else value

    def body(self) -> dict[str, Any]:
        """Return the keys that are sent, in the order of the fields."""
        values = {name: getattr(self, name) for name in PARAMETERS}
        return {name: value for name, value in values.items() if value is not None}


class Parameter(NamedTuple):
    """The documented facts of one parameter, for its control."""

    name: str
    kind: Literal["integer", "number", "boolean"]
    minimum: int | None
    maximum: int | None
    default: float | None
    """The documented default, which the service applies to a key that is not sent."""

    help: str

    @property
    def accepted(self) -> str:
        """The accepted values, such as `the range is 0 to 5`."""
        if self.minimum is not None:
            return f"the range is {self.minimum} to {self.maximum}"
        return f"it must be {_KINDS[self.kind]}"

    def refusal(self, value: object) -> str:
        """Return a sentence that rejects `value` and states what is accepted."""
        what = f"{shown(value)} is not accepted; "
        if self.minimum is None or _FITS[self.kind](value):
            return what + self.accepted
        return f"{what}it must be {_KINDS[self.kind]}, {self.accepted}"


_KINDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}
_FITS = {"integer": is_integer, "number": is_number}


def _table() -> dict[str, Parameter]:
    properties = Parameters.model_json_schema()["properties"]
    return {name: _parameter(name, schema) for name, schema in properties.items()}


def _parameter(name: str, schema: dict[str, Any]) -> Parameter:
    kind = schema["anyOf"][0]
    return Parameter(
        name=name,
        kind=kind["type"],
        minimum=kind.get("minimum"),
        maximum=kind.get("maximum"),
        default=kind.get("default"),
        help=" ".join(schema["description"].split()),
    )


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(_table())
"""Every parameter by name, in the order of the sidebar: numbers first, then switches."""


def hint(name: str, value: object) -> str | None:
    """Return what is unusual about an accepted value, or None (wire.md 4.1)."""
    for unusual, limit, sentence in _UNUSUAL.get(name, ()) if is_number(value) else ():
        if unusual(value, limit):
            return f"Accepted, but unusual: {sentence}"
    return None


_UNUSUAL: Mapping[str, tuple[tuple[Callable[[Any, Any], bool], int, str], ...]] = {
    "max_tokens": (
        (le, 0, "an answer needs room for at least one token."),
        (gt, 80_000, "the context window is 80,000 tokens, prompt included."),
    ),
    "temperature": ((gt, 2, "above 2, unlikely tokens are frequent and text tends to break."),),
    "top_p": (
        (gt, 1, "1 already keeps every token, and many engines reject more."),
        (le, 0, "no probability is left to keep, and many engines reject 0."),
    ),
    "repetition_penalty": ((le, 0, "many engines require more than 0; 1 means no penalty."),),
}
