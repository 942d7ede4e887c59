"""The settings that shape a request, in addition to the conversation itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from workers_ai import Parameters

from .defined_tools import DefinedFunction, DefinedTool

Form = Literal["messages", "prompt"]
"""The two documented forms of a request."""

OfferMode = Literal["auto", "tools", "prompt"]
"""How tools are offered: as suits the backend, as `tools`, or described in the prompt."""

_VARIABLE = re.compile(r"\{\{\s*([^\W\d]\w*)\s*\}\}")


@dataclass(frozen=True)
class Settings:
    """The settings of a request; each answer keeps its own."""

    parameters: Parameters = field(default_factory=lambda: Parameters(stream=True))
    system: str = ""
    form: Form = "messages"
    lora: str = ""
    prefill: str = ""
    """The text that the answer continues from; only some backends support it."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """The values for `{{name}}` in messages and in the system prompt."""

    tools: tuple[DefinedTool, ...] = ()
    offering: OfferMode = "auto"
    instructions: str = ""
    """How tools are described in the prompt; "" means the default text."""

    functions: tuple[DefinedFunction, ...] = ()
    schema: str = ""
    """The schema of an answer as it was written, valid or not; only a valid one is sent."""

    thinking: bool = True
    """Whether a model that supports it may think before it answers; only False is sent."""

    guided: bool = False
    """Whether the schema is sent, as `guided_json`."""


def variables_in(text: str) -> tuple[str, ...]:
    """Return the distinct names written as `{{name}}`, in order."""
    return tuple(dict.fromkeys(_VARIABLE.findall(text)))


def fill_variables(text: str, variables: Mapping[str, str]) -> str:
    """Replace each `{{name}}` with its value; one without a value stays unchanged."""
    return _VARIABLE.sub(lambda found: variables.get(found[1]) or found[0], text)
