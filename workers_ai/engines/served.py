"""The model at the other end: what shapes a request to it."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from .changes import Change
from .table import Engine

_GEMMA = re.compile(r"gemma", re.IGNORECASE)
_GEMMA_3 = re.compile(r"gemma[-_ .]?3(?![\dn])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Served:
    """An engine, and the model that it is asked for."""

    engine: Engine
    model: str
    takes_tools: bool
    """Whether requests keep their `tools`."""

    alternates: bool
    """Whether the model's template wants user and assistant in alternation."""

    num_ctx: int | None = None
    """The context window that Ollama is asked for, in tokens; None is what it runs with."""


class EngineRequest(NamedTuple):
    """What goes to the engine for one documented request."""

    path: str
    """Under the engine's address, as `/api/chat`; that of OpenAI's API without its `/v1`."""

    body: dict[str, Any]
    changes: tuple[Change, ...]


def is_gemma(name: str) -> bool:
    """Whether a model's name says that it is a Gemma, whose templates alternate."""
    return bool(_GEMMA.search(name))


def is_gemma_3(name: str) -> bool:
    """Whether a model's name or architecture says that it is Gemma 3; Gemma 3n is another."""
    return bool(_GEMMA_3.search(name))
