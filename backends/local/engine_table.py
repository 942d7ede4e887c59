"""The engines and how each treats the documented API: their differences, as data.

Sources of the facts: *run* against llama.cpp's server in xllamacpp 2026.10.11549 and against
vLLM 0.32; *source* of vLLM 0.33 and of Ollama up to 0.33.2; the *documentation* of LM Studio 0.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from workers_ai import PARAMETERS, model_card

from .parameter_notes import ParameterNote

EngineKind = Literal["ollama", "llama-server", "vllm", "lm-studio", "openai"]

OTHER_INPUTS = ("guided_json", "tools", "functions", "lora")
"""The documented inputs other than `PARAMETERS` in which engines differ."""

DEFAULTS: Mapping[str, float] = MappingProxyType(
    {
        "max_tokens": model_card.default_max_tokens,
        "temperature": PARAMETERS["temperature"].default or 0,
    }
)
"""The documented defaults, sent if a request omits the key: engines' own defaults differ, and some
never stop without a limit."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One kind of engine."""

    kind: EngineKind
    label: str
    """The name on screen."""

    port: int | None
    """Its default port."""

    parameter_notes: Mapping[str, ParameterNote]
    """One for each of `PARAMETERS` and `OTHER_INPUTS`."""

    pictures: frozenset[str] = frozenset({"JPEG", "PNG"})
    """The formats it reads; others are re-encoded."""

    additions: Mapping[str, Any] = field(default_factory=dict)
    """Keys sent in addition to the documented ones, to make it behave as documented."""

    raw_schema: str = "response_format"
    """The key of a schema in a request without a chat template."""

    streams_always: bool = False
    """Whether to request a stream even if the caller does not: the engine finishes a complete
    answer after the caller has left, but stops a stream."""

    own_system: bool = True
    """Whether it accepts a system turn for a model whose template has none."""

    tools_for_all: bool = False
    """Whether it offers tools, in its own format, to models that have no tokens for them."""


def _notes(*special: ParameterNote) -> Mapping[str, ParameterNote]:
    notes = {name: ParameterNote(name, (name,)) for name in (*PARAMETERS, *OTHER_INPUTS)}
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
    "At least 1. If unset, the documented 256 is sent: without a limit, some engines never stop."
)
_SCHEMA = "Sent as response_format with a JSON schema."

_EVERYWHERE = (
    _note("max_tokens", _LIMIT, minimum=1),
    _note("temperature", "If unset, the documented 0.6 is sent; the engine's own default differs."),
    _note("guided_json", _SCHEMA, sent_as=("response_format",)),
    _note("raw", "The prompt is sent without a template.", sent_as=("/v1/completions",)),
    _note("functions", "Not sent: only Workers can run code, engines cannot.", sent_as=()),
    _note("lora", "Not sent: an engine's adapters are chosen when it starts.", sent_as=()),
)

_GEMMA_TOOLS = (
    "Gemma 3's template does not support tools: for such a model, they are left out and can be "
    "described in the prompt."
)

OLLAMA = Engine(
    kind="ollama",
    label="Ollama",
    port=11434,
    pictures=frozenset({"JPEG", "PNG", "WEBP"}),
    # By default, it silently cuts a long prompt or shifts the window.
    additions=MappingProxyType({"truncate": False, "shift": False}),
    parameter_notes=_notes(
        _note("max_tokens", f"Sent as num_predict. {_LIMIT}", sent_as=("num_predict",), minimum=1),
        _note("temperature", "If unset, the documented 0.6 is sent; the model's own is often 1."),
        _note("top_p", "If unset, the model's own default applies, 0.95 for Gemma 3."),
        _note("top_k", "If unset, the model's own default applies, 64 for Gemma 3."),
        _note(
            "repetition_penalty",
            "Sent as repeat_penalty. Versions from early 2026 ignored it for Gemma 3.",
            sent_as=("repeat_penalty",),
            minimum=0.01,
            sure=False,
        ),
        _note(
            "frequency_penalty",
            "Versions from early 2026 ignored it for Gemma 3.",
            sure=False,
        ),
        _note(
            "presence_penalty",
            "Versions from early 2026 ignored it for Gemma 3.",
            sure=False,
        ),
        _note("guided_json", "Sent as format.", sent_as=("format",)),
        _note("raw", "The prompt goes to /api/generate.", sent_as=("raw",)),
        _note("tools", f"Ollama refuses them for models without tool support. {_GEMMA_TOOLS}"),
    ),
)

LLAMA_SERVER = Engine(
    kind="llama-server",
    label="llama-server",
    port=8080,
    # Its default of 0.05 hides the effect of the other parameters.
    additions=MappingProxyType({"min_p": 0}),
    raw_schema="json_schema",
    streams_always=True,
    parameter_notes=_notes(
        _note("stream", "Always streamed: only then does Stop also stop the engine."),
        _note("temperature", "If unset, the documented 0.6 is sent; the engine's own is 0.8."),
        _note(
            "top_p",
            "Off above 1; 0 always picks the most likely token. If unset, 0.95 applies.",
        ),
        _note("top_k", "If unset, the engine's own default of 40 applies."),
        _note(
            "seed",
            "Taken modulo 4,294,967,296; 4294967295 means a random seed.",
        ),
        _note(
            "repetition_penalty",
            "Sent as repeat_penalty; must be above 0.",
            sent_as=("repeat_penalty",),
            minimum=0.01,
        ),
        _note("tools", f"Used if the chat template supports tools. {_GEMMA_TOOLS}"),
    ),
)

VLLM = Engine(
    kind="vllm",
    label="vLLM",
    port=8000,
    parameter_notes=_notes(
        _note("temperature", "From 0 to 2. If unset, the documented 0.6 is sent.", maximum=2),
        _note(
            "top_p",
            "Above 0, at most 1. If unset, the model's own default applies.",
            minimum=0.01,
            maximum=1,
        ),
        _note("top_k", "If unset, the model's own default applies, 64 for Gemma 3."),
        _note("repetition_penalty", "Must be above 0.", minimum=0.01),
        _note("tools", f"Used if vLLM was started with a tool parser. {_GEMMA_TOOLS}"),
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
            "Sent as repeat_penalty; must be above 0.",
            sent_as=("repeat_penalty",),
            minimum=0.01,
        ),
        _note("tools", "Offered to every model; for Gemma 3, in LM Studio's own format."),
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
            "Sent as repetition_penalty and repeat_penalty; some servers ignore or refuse both.",
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
"""The engines by kind; the last is for every other OpenAI-compatible server."""
