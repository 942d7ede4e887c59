"""The state of each page, including what can be undone."""

import math
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from backends import EngineModel, FoundEngine
from conversations import ChatSummary, DefinedFunction, DefinedTool, Picture
from experiments import SeedMode
from workers_ai import Parameters, Reply

T = TypeVar("T")

MOST_STEPS = 100


@dataclass
class History(Generic[T]):
    """Earlier values, newest last; beyond `MOST_STEPS` the oldest are dropped."""

    values: list[T] = field(default_factory=list)

    def remember(self, value: T) -> None:
        """Store the current value before it is changed."""
        self.values.append(value)
        del self.values[:-MOST_STEPS]

    def back(self) -> T | None:
        """Remove and return the value before the last change; None if there was no change."""
        return self.values.pop() if self.values else None


@dataclass
class Connection:
    """A Workers AI account as entered. The token is kept here, in memory, and nowhere else."""

    account_id: str = ""
    api_token: str = field(default="", repr=False)
    base_url: str = ""
    model: str = ""
    gateway_id: str = ""
    models: tuple[EngineModel, ...] = ()
    """The models the account offers, once fetched."""


@dataclass
class EngineConnection:
    """A local engine as entered. The key is kept here, in memory only."""

    base_url: str = ""
    api_key: str = field(default="", repr=False)
    model: str = ""
    found: FoundEngine | None = None
    """The engine at that address, once it has answered."""

    entered_by_hand: bool = False
    """Whether the address was entered manually."""

    num_ctx: int | None = None
    """The context window requested from Ollama, in tokens."""

    searched: bool = False
    """Whether an engine has been looked for."""

    problem: str = ""
    """Why the address cannot be used."""


@dataclass
class Notice:
    """A toast."""

    text: str
    ends: float = math.inf
    """When it is no longer drawn (`time.monotonic`); set when it is first drawn."""


@dataclass
class ChatListState:
    """The state of the list of chats."""

    limit: int = 30
    """How many chats are drawn."""

    renaming: str | None = None
    exporting: str | None = None
    deleted: ChatSummary | None = None
    """The chat deleted last, which can be restored."""


@dataclass
class PromptDraft:
    """A prompt with pictures, as it is being written."""

    prompt: str = ""
    pictures: list[Picture] = field(default_factory=list)
    uploads: int = 0
    """How many times files were uploaded."""


@dataclass
class GuidedPage(PromptDraft):
    """The state of the Guided JSON page."""

    undo_stack: History[str] = field(default_factory=History)
    """Earlier texts of the schema, for undo."""


@dataclass
class ImagesPage:
    """The state of the Images page."""

    run: str = ""
    """The id of the run on screen; "" while a new one is being prepared."""

    pictures: list[Picture] = field(default_factory=list)
    uploads: int = 0
    """How many times files were uploaded."""

    questions: str = ""
    """One per line."""

    guided: bool = False
    concurrency: int = 4
    per_minute: int | None = None


@dataclass
class AxisDraft:
    """A parameter to vary, and its values as typed."""

    parameter: str
    values: str


@dataclass
class SweepDraft:
    """A sweep that is being prepared."""

    axes: list[AxisDraft] = field(default_factory=lambda: [AxisDraft("temperature", "0, 0.6, 1")])
    samples: int = 3
    seeds: SeedMode = "per sample"
    first_seed: int = 1


@dataclass
class Column:
    """One column of a comparison."""

    backend_name: str
    parameters: Parameters = field(default_factory=Parameters)
    refused: tuple[str, ...] = ()
    """Parameters whose typed value was refused and is not sent."""

    reply: Reply | None = None


@dataclass
class TuningPage(PromptDraft):
    """The state of the Tuning page."""

    view: str = ""
    run: str = ""
    """The id of the sweep on screen; "" while a new one is being prepared."""

    sweep: SweepDraft = field(default_factory=SweepDraft)
    after_chat: bool = False
    """Whether the chat's last question is asked instead of the prompt."""

    concurrency: int = 4
    per_minute: int | None = None
    columns: list[Column] = field(default_factory=list)
    traced: tuple[str, str] | None = None
    """The body of a request as JSON, and its answer: the built-in model's text, or an engine's
    report as JSON."""

    position: int = 0
    """The selected token of the answer."""

    shaped_by: dict[str, float | None] = field(default_factory=dict)
    """Parameters that the next-token sliders set, where they differ from the request's."""


ToolSet = tuple[tuple[DefinedTool, ...], tuple[DefinedFunction, ...]]


@dataclass
class ToolPage:
    """The state of the Tools page."""

    open: int | None = None
    """The index of the tool being edited."""

    undo_stack: History[ToolSet] = field(default_factory=History)
