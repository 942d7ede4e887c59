"""A local engine as a backend of the client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

import httpx

from workers_ai import ChatRequest, Fault, InvalidRequestError, PromptRequest, ToolSupport
from workers_ai.address_policy import ANYWHERE, AddressRule
from workers_ai.backend import BackendKind, url_faults, word_faults

from .connection import key_headers, root_of
from .detection import FoundEngine
from .engine_table import ENGINES, Engine, EngineKind
from .model_facts import EngineRequest, ServedModel, is_gemma, is_gemma_3
from .model_list import EngineModel
from .parameter_notes import ParameterNote
from .transport import EngineTransport, translated_request


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Ollama, llama-server, vLLM, LM Studio, or anything else with OpenAI's API, at `base_url`.

    Raises `InvalidRequestError` for values that are not valid in a URL or a header. `engine_at` and
    `find_engines` detect the kind; `LocalEngine.of` makes a backend of what they return.
    """

    base_url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    kind: EngineKind = "openai"
    takes_tools: bool | None = None
    """Whether the model's template has tools; None decides by the engine and the model's name."""

    is_gemma: bool | None = None
    """Whether the template needs user and assistant to alternate; None decides by the name."""

    num_ctx: int | None = None
    """The context window requested from Ollama, in tokens; None keeps its current one."""

    rule: AddressRule = ANYWHERE
    """The addresses that are allowed; checked on every connection."""

    backend_kind: ClassVar[BackendKind] = "local"

    def __post_init__(self) -> None:
        faults = [
            *url_faults(self.base_url),
            *(word_faults("api_key", self.api_key) if self.api_key else ()),
        ]
        if not self.model.isprintable() or not self.model.strip():
            faults.append(Fault("model", "expected the name of a model."))
        if faults:
            raise InvalidRequestError(faults)

    @classmethod
    def of(
        cls,
        found: FoundEngine,
        model: EngineModel,
        *,
        api_key: str | None = None,
        num_ctx: int | None = None,
        rule: AddressRule = ANYWHERE,
    ) -> Self:
        """Return the backend for a model of a detected engine."""
        return cls(
            found.base_url,
            model.id,
            api_key,
            found.kind,
            model.takes_tools,
            model.is_gemma3 or is_gemma(model.id),
            num_ctx,
            rule,
        )

    @property
    def engine(self) -> Engine:
        """The facts about this kind of engine."""
        return ENGINES[self.kind]

    @property
    def parameter_notes(self) -> Mapping[str, ParameterNote]:
        """How the engine treats each documented parameter, to show next to its control."""
        return self.engine.parameter_notes

    @property
    def label(self) -> str:
        """The name on screen."""
        return self.engine.label

    @property
    def account_url(self) -> str:
        """The base of the documented paths; requests go to the engine's own paths instead."""
        root = root_of(self.base_url)
        return root.removesuffix("/api") if self.kind == "ollama" else root

    @property
    def headers(self) -> Mapping[str, str]:
        """The header with the key, if there is one."""
        return key_headers(self.api_key)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown."""
        return (self.api_key,) if self.api_key else ()

    @property
    def tool_support(self) -> ToolSupport:
        """The tool support of the model's template; Gemma 3's own has none (wire.md 5.3)."""
        takes_tools = self.served.takes_tools
        return ToolSupport(takes_tools, "tool" if takes_tools else "user", streams=True)

    @property
    def served(self) -> ServedModel:
        """The engine and model, with the facts that shape a request."""
        gemma = is_gemma(self.model) if self.is_gemma is None else self.is_gemma
        takes_tools = self.takes_tools
        if takes_tools is None:
            takes_tools = self.engine.tools_for_all or not (gemma or is_gemma_3(self.model))
        alternates = gemma and (not takes_tools or self.engine.tools_for_all)
        return ServedModel(self.engine, self.model, takes_tools, alternates, self.num_ctx)

    def engine_request(self, request: ChatRequest | PromptRequest) -> EngineRequest:
        """Return the engine's form of a request: path, body and changes.

        Raises `InvalidImageError` for a picture that cannot be sent.
        """
        return translated_request(self.served, request.body())

    def transport(self) -> httpx.BaseTransport:
        """Return a new transport with connections of its own."""
        return EngineTransport(self.served, self.account_url, self.rule)
