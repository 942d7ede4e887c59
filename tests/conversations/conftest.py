"""Both kinds of databases for chats, empty for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from backends import preload_built_in
from conversations import Conversations
from conversations.store.store import Store


@pytest.fixture
def database_folder(tmp_path: Path) -> Path:
    """The folder for the SQLite file and its log files."""
    folder = tmp_path / "database"
    folder.mkdir()
    return folder


@pytest.fixture
def sqlite_url(database_folder: Path) -> str:
    """The URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{database_folder / 'chats.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of either kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def open_store() -> Iterator[Callable[[str], Store]]:
    """Open a store that is closed after the test."""
    with ExitStack() as stack:

        def opened(url: str) -> Store:
            store = Store(url)
            stack.callback(store.close)
            return store

        yield opened


@pytest.fixture
def open_conversations() -> Iterator[Callable[[str], Conversations]]:
    """Open all conversations at a URL, as one process does; closed after the test."""
    with ExitStack() as stack:

        def opened(url: str) -> Conversations:
            conversations = Conversations(url)
            stack.callback(conversations.close)
            return conversations

        yield opened


@pytest.fixture
def store(database_url: str, open_store: Callable[[str], Store]) -> Store:
    """An empty store."""
    return open_store(database_url)


@pytest.fixture
def conversations(
    database_url: str, open_conversations: Callable[[str], Conversations]
) -> Conversations:
    """The conversations of a process that has just started."""
    return open_conversations(database_url)


@pytest.fixture(scope="session")
def warm_model() -> None:
    """Load the built-in model, so that no answer has to wait for it."""
    preload_built_in()
