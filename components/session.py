"""The typed state of one browser tab, and access to it and to widget values."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import streamlit as st

from backends import BuiltIn, preload_built_in
from conversations import Conversation, Conversations, Node, Picture, Settings, StoreError
from workers_ai import Backend, Client, Parameters

from .chat.auto_tool_loop import AutoToolLoop
from .chat.tool_result_drafts import CallDraft
from .page_states import (
    ChatListState,
    Connection,
    EngineConnection,
    GuidedPage,
    ImagesPage,
    Notice,
    ToolPage,
    TuningPage,
)
from .shell.configuration import Configuration, configuration
from .shell.identity import owner
from .sidebar.engine_discovery import local_engines

T = TypeVar("T")

FIRST_TURNS_SHOWN = 7
"""Turns of the history drawn at first. Each one costs time whenever the page runs."""

_MOST_CLIENTS = 6
"""Backends whose connections are kept open: the chat's, and those of a comparison."""

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
    """The page of the last run, as named in the address bar; "" for the playground."""

    page_is_new: bool = False
    """Whether no run of this page has finished since another page was shown."""

    refused: dict[str, str] = field(default_factory=dict)
    """Why the value in a parameter's box is not sent, by parameter."""

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
    """The message deleted last in this conversation, which can be restored."""

    call_drafts: dict[str, list[CallDraft]] = field(default_factory=dict)
    """The results being written, by the id of the answer, or of the results, that they change."""

    rounds: AutoToolLoop = field(default_factory=AutoToolLoop)
    tool_page: ToolPage = field(default_factory=ToolPage)
    guided_page: GuidedPage = field(default_factory=GuidedPage)
    tuning_page: TuningPage = field(default_factory=TuningPage)
    images_page: ImagesPage = field(default_factory=ImagesPage)
    listing: ChatListState = field(default_factory=ChatListState)
    drawer: bool = False
    """Whether the list of chats is open: a full run would close it."""

    pending: list[Picture] = field(default_factory=list)
    """Pictures to send with the next message."""

    notices: list[Notice] = field(default_factory=list)
    """Messages that the next run shows once."""

    folded: int = 0
    """How many turns the last full run drew as history; each later turn has its own slot."""

    attached: bool = False
    """Whether the last full run found a running reply and had the browser follow it."""

    shown: int = FIRST_TURNS_SHOWN
    """How many turns of the history are drawn."""

    show_request: bool = False
    code_language: str = "curl"
    code_here: bool = False
    """Whether the code calls this app's endpoint instead of the account."""

    read_link: bool = False
    clients: dict[Backend, Client] = field(default_factory=dict, repr=False)
    _presets: Mapping[str, Mapping[str, float]] | None = field(default=None, repr=False)

    def change_parameters(self, **changes: Any) -> None:
        """Set parameters by name; None means not sent. The values must be valid."""
        values = self.settings.parameters.model_dump() | changes
        self.settings = replace(self.settings, parameters=Parameters(**values))

    def change_settings(self, settings: Settings) -> None:
        """Set everything that shapes a request, from an earlier answer or chat."""
        self.refused.clear()
        self.settings = settings

    def begin(self, conversation: Conversation) -> None:
        """Show a conversation in place of the current one."""
        self.conversation = conversation
        self.editing = self.deleted_message = None
        self.call_drafts.clear()
        self.rounds = AutoToolLoop(automatic=self.rounds.automatic)
        self.shown = FIRST_TURNS_SHOWN

    def client(self, backend: Backend) -> Client:
        """Return the client for a backend, the same one each time, to reuse its connections."""
        if backend not in self.clients:
            while len(self.clients) >= _MOST_CLIENTS:
                self.clients.pop(next(iter(self.clients)))
            self.clients[backend] = Client(backend)
        return self.clients[backend]

    @property
    def asked_settings(self) -> Settings:
        """The settings of a request from the current page; Guided JSON always sends the schema."""
        if self.page == "guided_json":
            return replace(self.settings, guided=True)
        return self.settings

    @property
    def conversations(self) -> Conversations:
        """The conversation service of this process."""
        return conversation_service(self.configured.database_url)

    @property
    def built_in(self) -> BuiltIn:
        """The built-in model at the current pace."""
        return BuiltIn(tokens_per_second=self.pace)

    def own_presets(self) -> Mapping[str, Mapping[str, float]]:
        """Return the person's saved presets, which are read once."""
        if self._presets is None:
            try:
                found = self.conversations.presets(self.owner)
            except StoreError:
                found = {}
            self._presets = {name: preset.body() for name, preset in found.items()}
        return self._presets

    def forget_presets(self) -> None:
        """Discard the presets that were read, so the next use reads them again."""
        self._presets = None

    def notice(self, text: str) -> None:
        """Show a message at the next run."""
        self.notices.append(Notice(text))


def session() -> Session:
    """Return the state of this tab, created on first use."""
    if "session" not in st.session_state:
        found = configuration()
        connection = Connection(
            account_id=found.account_id, base_url=found.base_url, model=found.model
        )
        owner_id, conversations = owner(), conversation_service(found.database_url)
        st.session_state["session"] = Session(
            found,
            connection,
            backend_name=found.backend or _first_backend(found),
            engine=EngineConnection(base_url=found.local_url, model=found.local_model),
            owner=owner_id,
            conversation=conversations.new(owner_id),
            notices=[Notice(conversations.notice)] if conversations.notice else [],
        )
    remembered: Session = st.session_state["session"]
    return remembered


def _first_backend(configured: Configuration) -> str:
    """Return the default backend: a local engine with a Gemma 3 if there is one."""
    found = local_engines(configured)
    has_gemma = any(model.is_gemma3 for engine in found for model in engine.models)
    return "local" if has_gemma else "builtin"


@st.cache_resource(show_spinner=False)
def conversation_service(database_url: str) -> Conversations:
    """Return the conversation service of this process, which all tabs and pages share."""
    return Conversations(database_url)


@st.cache_resource(show_spinner=False)
def warm_built_in() -> None:
    """Load the built-in model in the background, so its first answer need not wait."""
    threading.Thread(target=preload_built_in, name="warm", daemon=True).start()


def widget(key: str, default: T) -> T:
    """Return the value of a widget, in its callback or after it was drawn."""
    value: T = st.session_state.get(key, default)
    return value


def set_widget(key: str, value: T) -> T:
    """Set what a widget will show, and return it. Call before it is drawn, or in a callback.

    A value that is already shown is not set again: that would discard what is being typed. Pass
    the value to the widget as its default too: the browser receives it only in the run that sets
    it, and one still loading the widget's code would start with the default of a later run.
    """
    if _is_new(key) or st.session_state[key] != value:
        st.session_state[key] = value
    return value


def clear_widget(key: str) -> None:
    """Discard the value of a widget, so it is drawn empty."""
    st.session_state.pop(key, None)


def index_of(value: T, options: Sequence[T]) -> int:
    """Return the index of a value among the options of a select box, 0 if it is not one."""
    return options.index(value) if value in options else 0


def set_widget_once(key: str, value: T) -> T:
    """Set what a widget shows when it is drawn for the first time, or again after an absence.

    Return the value shown, to pass as the default, as with `set_widget`.
    """
    if _is_new(key):
        st.session_state[key] = value
    shown: T = st.session_state[key]
    return shown


def _is_new(key: str) -> bool:
    """Return whether a widget is yet to be drawn; on another page, a key is another widget."""
    current: Session | None = st.session_state.get("session")
    return key not in st.session_state or (current is not None and current.page_is_new)


class _Run(threading.local):
    full = False


_run = _Run()


@contextmanager
def full_run() -> Iterator[None]:
    """Mark that this thread runs the whole page, not just a fragment."""
    _run.full = True
    try:
        yield
    finally:
        _run.full = False


def in_full_run() -> bool:
    """Return whether the whole page is running, not a single slot.

    Nothing holds up a full run, so it draws collapsed content only when opened. A slot is drawn
    whole, because it could not run again while a later answer is being followed.
    """
    return _run.full
