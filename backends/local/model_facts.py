"""The engine and model behind a backend, with the facts that shape a request."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from .changes import Change
from .engine_table import Engine

_GEMMA = re.compile(r"gemma", re.IGNORECASE)
_GEMMA_3 = re.compile(r"gemma[-_ .]?3(?![\dn])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServedModel:
    """An engine and the model to use."""

    engine: Engine
    model: str
    takes_tools: bool
    """Whether requests keep their `tools`."""

    alternates: bool
    """Whether the model's template needs user and assistant to alternate."""

    num_ctx: int | None = None
    """The context window requested from Ollama, in tokens; None keeps its current one."""


class EngineRequest(NamedTuple):
    """An engine's form of one documented request."""

    path: str
    """Relative to the engine's address, such as `/api/chat`; OpenAI's paths omit the `/v1`."""

    body: dict[str, Any]
    changes: tuple[Change, ...]


def is_gemma(name: str) -> bool:
    """Return whether a model's name is that of a Gemma, whose templates need alternating turns."""
    return bool(_GEMMA.search(name))


def is_gemma_3(name: str) -> bool:
    """Return whether a model's name or architecture is Gemma 3; Gemma 3n does not count."""
    return bool(_GEMMA_3.search(name))
