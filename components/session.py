"""All that the app remembers of one browser tab, typed, and the ways to it."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import streamlit as st

from conversations import Conversation, Conversations, Node, Picture, Settings, StoreError
from workers_ai import Backend, BuiltIn, Client, Parameters, warm

from .call_drafts import CallDraft
from .configuration import Configuration, configuration
from .finding import engines_here
from .owners import owner
from .page_states import (
    Connection,
    EngineConnection,
    GuidedPage,
    ImagesPage,
    Listing,
    Notice,
    ToolPage,
    TuningPage,
)
from .rounds import Rounds

T = TypeVar("T")

WINDOW = 7
"""Turns of the history that are drawn at first. Each one costs time whenever the page is run."""

_MOST_CLIENTS = 6
"""Backends whose connections are held: the chat's, and those of a comparison."""

READABLE_PACE = 50.0
"""Tokens per second of the built-in model: a little faster than one reads."""


@dataclass
class Session:
    """The state of one tab."""

    configured: Configuration
    connection: Connection
    backend_name: str
    engine: EngineConnection = field(default_factory=EngineConnection)
    settings: Settings = field(default_factory=Settings)
    page: str = ""
    """Where the last run was, as the address bar has it; "" for the playground."""

    arrived: bool = False
    """Whether no run of this page has come to its end since another one was shown."""

    refused: dict[str, str] = field(default_factory=dict)
    """By parameter: why the value in its box is not sent."""

    pace: float | None = READABLE_PACE
    original_size: bool = False
    owner: str = ""
    """Whose chats are shown."""

    conversation: Conversation = field(default_factory=Conversation)
    editing: str | None = None
    """The id of the message that is being edited."""

    inspected: str = ""
    """The id of the answer that the next full run opens in the inspector."""

    deleted_message: Node | None = None
    """What was deleted last in this conversation, and can be brought back."""

    call_drafts: dict[str, list[CallDraft]] = field(default_factory=dict)
    """The results that are being written, by the id of the answer or of the results they change."""

    rounds: Rounds = field(default_factory=Rounds)
    tool_page: ToolPage = field(default_factory=ToolPage)
    guided_page: GuidedPage = field(default_factory=GuidedPage)
    tuning_page: TuningPage = field(default_factory=TuningPage)
    images_page: ImagesPage = field(default_factory=ImagesPage)
    listing: Listing = field(default_factory=Listing)
    drawer: bool = False
    """Whether the list of chats is open: a full run would close it."""

    pending: list[Picture] = field(default_factory=list)
    """Pictures that go with the next message."""

    notices: list[Notice] = field(default_factory=list)
    """What the next run has to tell, once."""

    folded: int = 0
    """How many turns the last full run drew as history; later ones have a slot of their own."""

    attached: bool = False
    """Whether the last full run found a reply running and had the browser follow it."""

    shown: int = WINDOW
    """How many turns of the history are drawn."""

    show_request: bool = False
    code_language: str = "curl"
    code_here: bool = False
    """Whether the code asks the endpoint of this app, and not the account."""

    read_link: bool = False
    clients: dict[Backend, Client] = field(default_factory=dict, repr=False)
    _presets: Mapping[str, Mapping[str, float]] | None = field(default=None, repr=False)

    def change_parameters(self, **changes: Any) -> None:
        """Set parameters by name; None means not sent. The values have been checked."""
        given = self.settings.parameters.model_dump() | changes
        self.settings = replace(self.settings, parameters=Parameters(**given))

    def change_settings(self, settings: Settings) -> None:
        """Set all that shapes a request, as an earlier answer or chat had it."""
        self.refused.clear()
        self.settings = settings

    def begin(self, conversation: Conversation) -> None:
        """Show a conversation in place of the one that is there."""
        self.conversation = conversation
        self.editing = self.deleted_message = None
        self.call_drafts.clear()
        self.rounds = Rounds(automatic=self.rounds.automatic)
        self.shown = WINDOW

    def client(self, backend: Backend) -> Client:
        """Return the client for a backend, always the same one, so that connections are reused."""
        if backend not in self.clients:
            while len(self.clients) >= _MOST_CLIENTS:
                self.clients.pop(next(iter(self.clients)))
            self.clients[backend] = Client(backend)
        return self.clients[backend]

    @property
    def asked_settings(self) -> Settings:
        """What shapes a request from the page that is shown: one of its own carries the schema."""
        if self.page == "guided_json":
            return replace(self.settings, guided=True)
        return self.settings

    @property
    def conversations(self) -> Conversations:
        """All conversations that can be reached from here."""
        return library(self.configured.database_url)

    @property
    def built_in(self) -> BuiltIn:
        """The built-in model at the pace that is set."""
        return BuiltIn(tokens_per_second=self.pace)

    def own_presets(self) -> Mapping[str, Mapping[str, float]]:
        """Return the presets that the person has kept, read once."""
        if self._presets is None:
            try:
                found = self.conversations.presets(self.owner)
            except StoreError:
                found = {}
            self._presets = {name: preset.body() for name, preset in found.items()}
        return self._presets

    def forget_presets(self) -> None:
        """Read one's own presets anew when they are needed."""
        self._presets = None

    def notice(self, text: str) -> None:
        """Tell the person something at the next run."""
        self.notices.append(Notice(text))


def session() -> Session:
    """Return what is remembered of this tab."""
    if "session" not in st.session_state:
        found = configuration()
        connection = Connection(
            account_id=found.account_id, base_url=found.base_url, model=found.model
        )
        whose, kept = owner(), library(found.database_url)
        st.session_state["session"] = Session(
            found,
            connection,
            backend_name=found.backend or _first_backend(found),
            engine=EngineConnection(base_url=found.local_url, model=found.local_model),
            owner=whose,
            conversation=kept.new(whose),
            notices=[Notice(kept.notice)] if kept.notice else [],
        )
    remembered: Session = st.session_state["session"]
    return remembered


def _first_backend(configured: Configuration) -> str:
    """Return who answers where nobody has said: an engine with a Gemma 3, if one is there."""
    found = engines_here(configured)
    has_gemma = any(model.is_gemma3 for engine in found for model in engine.models)
    return "local" if has_gemma else "builtin"


@st.cache_resource(show_spinner=False)
def library(database_url: str) -> Conversations:
    """Return the conversations of this process: other tabs and pages find them by their id."""
    return Conversations(database_url)


@st.cache_resource(show_spinner=False)
def warm_built_in() -> None:
    """Load the built-in model beside the page, so that its first answer does not wait for it."""
    threading.Thread(target=warm, name="warm", daemon=True).start()


def widget(key: str, default: T) -> T:
    """Return the value of a widget, inside its callback or after it was drawn."""
    value: T = st.session_state.get(key, default)
    return value


def set_widget(key: str, value: T) -> T:
    """Set what a widget will show, and return it. Only before it is drawn, or in a callback.

    What it shows already is not set again: that would throw away what is being typed. Give the
    value to the widget as its default too: the browser hears of it only in the run that sets it,
    and one that was still loading the widget's code then begins with the default of a later run.
    """
    if _is_new(key) or st.session_state[key] != value:
        st.session_state[key] = value
    return value


def clear_widget(key: str) -> None:
    """Forget what a widget holds; it is drawn anew, and empty."""
    st.session_state.pop(key, None)


def place_of(value: T, options: Sequence[T]) -> int:
    """Return where a value stands among the options of a box, 0 if it is none of them."""
    return options.index(value) if value in options else 0


def seed_widget(key: str, value: T) -> T:
    """Set what a widget shows when it is drawn for the first time, or again after a while.

    Returns what it shows, to be its default as with `set_widget`.
    """
    if _is_new(key):
        st.session_state[key] = value
    shown: T = st.session_state[key]
    return shown


def _is_new(key: str) -> bool:
    """Whether a widget has not been drawn yet: on another page the same key is another widget."""
    current: Session | None = st.session_state.get("session")
    return key not in st.session_state or (current is not None and current.arrived)


class _Run(threading.local):
    full = False


_run = _Run()


@contextmanager
def full_run() -> Iterator[None]:
    """Mark that this thread runs the whole page, not only a fragment of it."""
    _run.full = True
    try:
        yield
    finally:
        _run.full = False


def in_full_run() -> bool:
    """Whether the whole page is being run, not a slot of its own.

    A full run is held up by nothing, and draws what is folded away only once it is opened. A slot
    is drawn whole: it could not be run again while a later answer is being followed.
    """
    return _run.full
