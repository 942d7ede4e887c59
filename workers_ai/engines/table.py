"""The engines, and what each makes of the documented API: differences are data here.

Where a fact was found: *run* against llama.cpp's server in xllamacpp 2026.10.11549 and against
vLLM 0.32; *source* of vLLM 0.33 and of Ollama up to 0.33.2; the *documentation* of LM Studio 0.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from ..model_card import model_card
from ..parameters import PARAMETERS
from .notes import ParameterNote

EngineKind = Literal["ollama", "llama-server", "vllm", "lm-studio", "openai"]

OFFERED = ("guided_json", "tools", "functions", "lora")
"""The documented inputs beside `PARAMETERS` that engines differ in."""

DEFAULTS: Mapping[str, float] = MappingProxyType(
    {
        "max_tokens": model_card.default_max_tokens,
        "temperature": PARAMETERS["temperature"].default or 0,
    }
)
"""The documented defaults, sent where a request leaves the key out: engines have others, and some
never stop without a limit."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One kind of engine."""

    kind: EngineKind
    label: str
    """The name on screen."""

    port: int | None
    """Where it listens if nobody says otherwise."""

    parameter_notes: Mapping[str, ParameterNote]
    """One for each of `PARAMETERS` and `OFFERED`."""

    pictures: frozenset[str] = frozenset({"JPEG", "PNG"})
    """The formats it reads; others are re-encoded."""

    additions: Mapping[str, Any] = field(default_factory=dict)
    """What is sent beside the documented keys, so that it behaves as documented."""

    raw_schema: str = "response_format"
    """The key of a schema in a request without a chat template."""

    streams_always: bool = False
    """Whether a stream is asked for even where the request wants none: the engine writes a whole
    answer to its end although nobody waits for it any more, but a stream it stops."""

    own_system: bool = True
    """Whether it takes a system turn for a model whose template has none."""

    tools_for_all: bool = False
    """Whether it offers tools to models without marks for them in a format of its own."""


def _notes(*special: ParameterNote) -> Mapping[str, ParameterNote]:
    notes = {name: ParameterNote(name, (name,)) for name in (*PARAMETERS, *OFFERED)}
    for note in (*_EVERYWHERE, *special):
        notes[note.parameter] = note
    return MappingProxyType(notes)


def _note(
    parameter: str,
    sentence: str,
    *,
    sent_as: tuple[str, ...] | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    sure: bool = True,
) -> ParameterNote:
    names = (parameter,) if sent_as is None else sent_as
    return ParameterNote(parameter, names, sentence, minimum, maximum, sure)


_LIMIT = (
    "At least 1. Unset, the documented 256 is sent: without a limit an engine may go on for ever."
)
_SCHEMA = "Sent as response_format with a JSON schema."

_EVERYWHERE = (
    _note("max_tokens", _LIMIT, minimum=1),
    _note("temperature", "Unset, the documented 0.6 is sent; the engine's own default differs."),
    _note("guided_json", _SCHEMA, sent_as=("response_format",)),
    _note("raw", "The prompt goes out without a template.", sent_as=("/v1/completions",)),
    _note("functions", "Not sent: code is run by Workers alone, never by an engine.", sent_as=()),
    _note("lora", "Not sent: an engine's adapters are chosen when it starts.", sent_as=()),
)

_GEMMA_TOOLS = (
    "Gemma 3's template has no place for tools; for such a model they are left out and can be "
    "described in the prompt."
)

OLLAMA = Engine(
    kind="ollama",
    label="Ollama",
    port=11434,
    pictures=frozenset({"JPEG", "PNG", "WEBP"}),
    # Unasked, it cuts a long prompt or shifts the window without a word.
    additions=MappingProxyType({"truncate": False, "shift": False}),
    parameter_notes=_notes(
        _note("max_tokens", f"Called num_predict. {_LIMIT}", sent_as=("num_predict",), minimum=1),
        _note("temperature", "Unset, the documented 0.6 is sent; the model's own is often 1."),
        _note("top_p", "Unset, the model's own applies, 0.95 for Gemma 3."),
        _note("top_k", "Unset, the model's own applies, 64 for Gemma 3."),
        _note(
            "repetition_penalty",
            "Called repeat_penalty. Versions of early 2026 ignored it for Gemma 3.",
            sent_as=("repeat_penalty",),
            minimum=0.01,
            sure=False,
        ),
        _note(
            "frequency_penalty",
            "Versions of early 2026 ignored it for Gemma 3.",
            sure=False,
        ),
        _note(
            "presence_penalty",
            "Versions of early 2026 ignored it for Gemma 3.",
            sure=False,
        ),
        _note("guided_json", "Called format.", sent_as=("format",)),
        _note("raw", "The prompt goes to /api/generate.", sent_as=("raw",)),
        _note("tools", f"Ollama refuses them for models without tools. {_GEMMA_TOOLS}"),
    ),
)

LLAMA_SERVER = Engine(
    kind="llama-server",
    label="llama-server",
    port=8080,
    # Its own 0.05 hides what the other parameters do.
    additions=MappingProxyType({"min_p": 0}),
    raw_schema="json_schema",
    streams_always=True,
    parameter_notes=_notes(
        _note("stream", "Streamed in any case: only then does stopping stop the engine."),
        _note("temperature", "Unset, the documented 0.6 is sent; the engine's own is 0.8."),
        _note("top_p", "Above 1 it is off; 0 always takes the likeliest token. Unset, it is 0.95."),
        _note("top_k", "Unset, the engine's own 40 applies."),
        _note(
            "seed",
            "Counted modulo 4,294,967,296, and 4294967295 means a random one.",
        ),
        _note(
            "repetition_penalty",
            "Called repeat_penalty; more than 0.",
            sent_as=("repeat_penalty",),
            minimum=0.01,
        ),
        _note("tools", f"Heeded where the chat template has tools. {_GEMMA_TOOLS}"),
    ),
)

VLLM = Engine(
    kind="vllm",
    label="vLLM",
    port=8000,
    parameter_notes=_notes(
        _note("temperature", "From 0 to 2. Unset, the documented 0.6 is sent.", maximum=2),
        _note(
            "top_p",
            "More than 0, at most 1. Unset, the model's own applies.",
            minimum=0.01,
            maximum=1,
        ),
        _note("top_k", "Unset, the model's own applies, 64 for Gemma 3."),
        _note("repetition_penalty", "More than 0.", minimum=0.01),
        _note("tools", f"Heeded where vLLM was started with a tool parser. {_GEMMA_TOOLS}"),
    ),
)

LM_STUDIO = Engine(
    kind="lm-studio",
    label="LM Studio",
    port=1234,
    tools_for_all=True,
    parameter_notes=_notes(
        _note(
            "repetition_penalty",
            "Called repeat_penalty; more than 0.",
            sent_as=("repeat_penalty",),
            minimum=0.01,
        ),
        _note("tools", "Offered to every model, to Gemma 3 in a format of LM Studio's own."),
    ),
)

OPENAI = Engine(
    kind="openai",
    label="OpenAI-compatible",
    port=None,
    own_system=False,
    parameter_notes=_notes(
        _note("top_k", "Not in OpenAI's API: some servers ignore or refuse it.", sure=False),
        _note(
            "repetition_penalty",
            "Sent as repetition_penalty and as repeat_penalty; some servers ignore or refuse both.",
            sent_as=("repetition_penalty", "repeat_penalty"),
            minimum=0.01,
            sure=False,
        ),
        _note(
            "guided_json",
            f"{_SCHEMA} Some servers ignore it.",
            sent_as=("response_format",),
            sure=False,
        ),
        _note("tools", _GEMMA_TOOLS),
    ),
)

ENGINES: Mapping[EngineKind, Engine] = MappingProxyType(
    {engine.kind: engine for engine in (OLLAMA, LLAMA_SERVER, VLLM, LM_STUDIO, OPENAI)}
)
"""Every engine by its kind; the last stands for all that speak OpenAI's API."""
