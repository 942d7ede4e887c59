"""What shapes a request besides the conversation itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from workers_ai import Parameters

from .defined_tools import DefinedFunction, DefinedTool

Form = Literal["messages", "prompt"]
"""Which of the two documented forms a request takes."""

Offering = Literal["auto", "tools", "prompt"]
"""How tools are offered: as the backend takes them best, as `tools`, or described in the prompt."""

_VARIABLE = re.compile(r"\{\{\s*([^\W\d]\w*)\s*\}\}")


@dataclass(frozen=True)
class Settings:
    """What shapes a request; each answer keeps the settings that made it."""

    parameters: Parameters = field(default_factory=lambda: Parameters(stream=True))
    system: str = ""
    form: Form = "messages"
    lora: str = ""
    prefill: str = ""
    """How the answer is made to begin; only some backends can go on from it."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """What stands for `{{name}}` in messages and in the system prompt."""

    tools: tuple[DefinedTool, ...] = ()
    offering: Offering = "auto"
    instructions: str = ""
    """How tools are described in the prompt; "" takes the usual words."""

    functions: tuple[DefinedFunction, ...] = ()
    schema: str = ""
    """The schema of an answer as it was written, whatever it is; only a valid one is sent."""

    thinking: bool = True
    """Whether a model that can may think before it answers; False is told in the request."""

    guided: bool = False
    """Whether the schema is sent, as `guided_json`."""


def variables_in(text: str) -> tuple[str, ...]:
    """Return the names written as `{{name}}`, each once, in order."""
    return tuple(dict.fromkeys(_VARIABLE.findall(text)))


def filled_in(text: str, variables: Mapping[str, str]) -> str:
    """Put the values in place of `{{name}}`; a name without a value stays as it is."""
    return _VARIABLE.sub(lambda found: variables.get(found[1]) or found[0], text)
