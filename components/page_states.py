"""What the app remembers of what stands on each page, and of each way to an answer."""

import math
from dataclasses import dataclass, field

from conversations import DefinedFunction, DefinedTool, Picture, Summary
from experiments import SeedMode
from workers_ai import EngineModel, FoundEngine, Parameters, Reply

from .history import History


@dataclass
class Connection:
    """What the person has set of an account. The token lives here, in memory, and nowhere else."""

    account_id: str = ""
    api_token: str = field(default="", repr=False)
    base_url: str = ""
    model: str = ""
    gateway_id: str = ""
    models: tuple[EngineModel, ...] = ()
    """What the account offers, once asked."""


@dataclass
class EngineConnection:
    """What is set of an engine on one's own machine. The key lives here, in memory alone."""

    base_url: str = ""
    api_key: str = field(default="", repr=False)
    model: str = ""
    found: FoundEngine | None = None
    """What answers there, once it has."""

    by_hand: bool = False
    """Whether the address was typed."""

    num_ctx: int | None = None
    """The context window that Ollama is asked for, in tokens."""

    tried: bool = False
    """Whether an engine has been looked for."""

    problem: str = ""
    """Why the address cannot be used."""


@dataclass
class Notice:
    """What is told in passing."""

    text: str
    ends: float = math.inf
    """When it is not drawn any more (`time.monotonic`); it is set when it is first drawn."""


@dataclass
class Listing:
    """How the list of chats is looked at."""

    most: int = 30
    """How many chats are drawn."""

    renaming: str | None = None
    exporting: str | None = None
    deleted: Summary | None = None
    """The chat that was deleted last, and can be brought back."""


@dataclass
class PromptDraft:
    """A prompt with pictures, as it is being written."""

    prompt: str = ""
    pictures: list[Picture] = field(default_factory=list)
    uploads: int = 0
    """How often files were taken."""


@dataclass
class GuidedPage(PromptDraft):
    """What stands on the page of guided answers."""

    before: History[str] = field(default_factory=History)
    """The texts of the schema that there were."""


@dataclass
class ImagesPage:
    """What stands on the page of many pictures."""

    run: str = ""
    """The id of the run that is looked at; "" is the making of a new one."""

    pictures: list[Picture] = field(default_factory=list)
    uploads: int = 0
    """How often files were taken."""

    questions: str = ""
    """One on each line."""

    guided: bool = False
    concurrency: int = 4
    per_minute: int | None = None


@dataclass
class AxisDraft:
    """A parameter that is to be varied, and its values as they were typed."""

    parameter: str
    values: str


@dataclass
class SweepDraft:
    """A sweep as it is being made."""

    axes: list[AxisDraft] = field(default_factory=lambda: [AxisDraft("temperature", "0, 0.6, 1")])
    samples: int = 3
    seeds: SeedMode = "per sample"
    first_seed: int = 1


@dataclass
class Column:
    """One side of a comparison."""

    backend_name: str
    parameters: Parameters = field(default_factory=Parameters)
    refused: tuple[str, ...] = ()
    """What was typed and is not sent."""

    reply: Reply | None = None


@dataclass
class TuningPage(PromptDraft):
    """What stands on the page of tuning."""

    view: str = ""
    run: str = ""
    """The id of the sweep that is looked at; "" is the making of a new one."""

    sweep: SweepDraft = field(default_factory=SweepDraft)
    after_chat: bool = False
    """Whether the chat's last question is asked, and not the prompt."""

    concurrency: int = 4
    per_minute: int | None = None
    columns: list[Column] = field(default_factory=list)
    traced: tuple[str, str] | None = None
    """The body of a request as JSON, and what it was answered: a text by the built-in model, or
    what an engine reported, as JSON."""

    position: int = 0
    """Which of the answer's tokens is looked at."""

    shaped_by: dict[str, float | None] = field(default_factory=dict)
    """The parameters that the next token is looked at with, where they are not the request's."""


ToolSet = tuple[tuple[DefinedTool, ...], tuple[DefinedFunction, ...]]


@dataclass
class ToolPage:
    """How the tools are looked at."""

    open: int | None = None
    """Which tool is being edited."""

    before: History[ToolSet] = field(default_factory=History)
