"""Failures are explained in a sentence, nothing is discarded, and the chat continues."""

import os
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from backends import BuiltIn
from conversations import Conversation, Conversations, Question, StoreError
from conversations.store.store import Store
from conversations.store.store_errors import FULL, READ_ONLY, UNREACHABLE
from tests.conversations.talk import Script, answer, ask, growing, picture, turn, wait_until

PASSWORD = "hunter2"


def kept(conversations: Conversations, *said: str) -> Conversation:
    given = conversations.new("ada")
    for each in said:
        for node in turn(each, f"To that: {each}", given.leaf):
            conversations.put(given, node)
    return given


def texts(given: Conversation | None) -> list[str]:
    assert given is not None
    return [node.text for node in given.path()]


def fill_disk(store: Store) -> Callable[[], None]:
    """Keep an SQLite file from growing; return a function that frees space again."""
    limit = [1]

    def limited(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")

    def limit_to(pages: int) -> None:
        limit[0] = pages
        store._engine.dispose()

    event.listen(store._engine, "connect", limited)
    limit_to(1)
    return lambda: limit_to(1_000_000_000)


def refuse_writing(url: str, state: str) -> Callable[[], None]:
    """Make PostgreSQL refuse new messages with an error; return a function that ends that."""
    _execute(
        url,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON message EXECUTE FUNCTION refuse()",
    )
    return lambda: _execute(url, "DROP TRIGGER refuse ON message")


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def fill(database_url: str) -> Callable[[Conversations], Callable[[], None]]:
    """Simulate a full disk for a database of either kind."""

    def filled(conversations: Conversations) -> Callable[[], None]:
        if database_url.startswith("sqlite"):
            assert conversations._stores.kept is not None
            return fill_disk(conversations._stores.kept)
        return refuse_writing(database_url, "53100")

    return filled


# A full disk


def test_a_full_disk_is_named_and_what_was_there_stays(
    conversations: Conversations, fill: Callable[[Conversations], Callable[[], None]]
) -> None:
    given = kept(conversations, "a")
    fill(conversations)

    with pytest.raises(StoreError, match=f"^{FULL}$"):
        conversations.put(given, Question("x" * 100_000, parent=given.leaf))

    assert texts(given) == ["a", "To that: a"]
    assert texts(conversations.open(given.id, "ada")) == ["a", "To that: a"]


def test_a_chat_continues_in_memory_and_is_saved_once_there_is_space(
    conversations: Conversations,
    fill: Callable[[Conversations], Callable[[], None]],
    database_url: str,
    open_conversations: Callable[[str], Conversations],
) -> None:
    given = kept(conversations, "a")
    make_room = fill(conversations)

    conversations.hold_in_memory(given, FULL)
    question = Question("b" * 100_000, (picture(),), given.leaf)
    conversations.put(given, question)
    answered = ask(conversations, given, "What is a token?")
    wait_until(lambda: not answered.running)

    assert (given.problem, given.temporary) == (FULL, True)
    after_reload = conversations.open(given.id, "ada")
    assert after_reload is not None
    assert (after_reload.problem, after_reload.temporary) == (FULL, True)
    assert texts(after_reload) == texts(given)
    with pytest.raises(StoreError, match=FULL):
        conversations.save_again(given)
    assert (given.problem, given.temporary) == (FULL, True)

    make_room()
    conversations.save_again(given)

    assert (given.problem, given.temporary) == ("", False)
    conversations.put(given, Question("c", parent=given.leaf))
    found = open_conversations(database_url).open(given.id, "ada")
    assert found is not None
    assert texts(found) == texts(given)
    assert texts(conversations.open(given.id, "ada")) == texts(given)
    [saved] = getattr(found.nodes[question.id], "pictures")  # noqa: B009
    assert saved.data == picture().data


def test_an_answer_that_cannot_be_written_stays_in_view_says_so_and_is_saved_later(
    conversations: Conversations,
    fill: Callable[[Conversations], Callable[[], None]],
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    open_conversations: Callable[[str], Conversations],
) -> None:
    monkeypatch.setattr("conversations.answer_writer.WRITE_INTERVAL", 0.05)
    given, script = conversations.new("ada"), Script()
    answered = ask(conversations, given, "Go on", backend=script)
    make_room = fill(conversations)
    script.say("Long. " * 10_000)
    script.end()
    wait_until(lambda: given.problem)

    assert given.problem == FULL
    assert answered.snapshot().finish == "done"
    make_room()
    conversations.save_again(given)

    assert given.problem == ""
    found = open_conversations(database_url).open(given.id, "ada")
    assert texts(found) == ["Go on", "Long. " * 10_000]
    assert not is_running(found)


def test_an_answer_that_is_running_moves_with_its_chat(
    conversations: Conversations,
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    open_conversations: Callable[[str], Conversations],
) -> None:
    monkeypatch.setattr("conversations.answer_writer.WRITE_INTERVAL", 0.02)
    given, script = conversations.new("ada"), Script()
    answered = ask(conversations, given, "Go on", backend=script)
    conversations.hold_in_memory(given, "As a test.")
    script.say("Written in memory")
    wait_until(lambda: texts(given)[1])
    conversations.save_again(given)
    script.say(" and then to the disk.")
    script.end()

    other = open_conversations(database_url)
    wait_until(lambda: texts(other.open(given.id, "ada"))[1] == answered.text)
    wait_until(lambda: not is_running(other.open(given.id, "ada")))
    assert given.problem == ""


def is_running(given: Conversation | None) -> bool:
    assert given is not None
    return given.running is not None


# A read-only database


def test_a_read_only_file_can_be_read_and_chats_continue_in_memory(
    sqlite_url: str, database_folder: Path, open_conversations: Callable[[str], Conversations]
) -> None:
    first = Conversations(sqlite_url)
    old = kept(first, "a")
    first.close()
    file = database_folder / "chats.db"
    before = file.read_bytes()

    conversations = open_conversations(f"sqlite:///file:{file}?mode=ro&uri=true")

    assert conversations.problem == READ_ONLY
    assert texts(conversations.open(old.id, "ada")) == ["a", "To that: a"]
    assert [each.name for each in conversations.listed("ada")] == ["a"]
    new = conversations.new("ada")
    assert (new.problem, new.temporary) == (READ_ONLY, True)
    ask(conversations, new, "What is a token?")
    assert texts(new)[0] == "What is a token?"
    with pytest.raises(StoreError, match=READ_ONLY):
        conversations.put(old, Question("b", parent=old.leaf))
    assert file.read_bytes() == before


def test_an_interrupted_answer_can_be_read_from_a_read_only_file(
    sqlite_url: str,
    database_folder: Path,
    open_store: Callable[[str], Store],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = open_store(sqlite_url)
    given = Conversation(owner="ada")
    asked = Question("a")
    grown = growing(asked.id)
    store.add(given, [asked, grown], grown.id)
    store.close()
    monkeypatch.setattr("conversations.store.clock.WRITER_TIMEOUT", 0)

    found = open_store(f"sqlite:///file:{database_folder}/chats.db?mode=ro&uri=true").load(given.id)

    assert found is not None
    [turn] = found.turns
    assert turn.answer is not None
    assert turn.answer.snapshot().finish == "error"


def test_a_read_only_server_is_named(
    postgresql_url: str, open_conversations: Callable[[str], Conversations]
) -> None:
    first = open_conversations(postgresql_url)
    old = kept(first, "a")
    _execute(postgresql_url, "ALTER DATABASE chats SET default_transaction_read_only = on")

    conversations = open_conversations(postgresql_url)

    assert conversations.problem == READ_ONLY
    assert texts(conversations.open(old.id, "ada")) == ["a", "To that: a"]


# A file that is damaged


def _garbage(file: Path) -> None:
    file.write_bytes(bytes(range(1, 251)) * 200)


def _truncated(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2 + 100)


def _beginning_lost(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(bytes(100))


def _pages_overwritten(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xaa" * 6 * 4096)


def _text_file(file: Path) -> None:
    file.write_text("Not a database.\n" * 100)


@pytest.mark.parametrize(
    "damage", [_garbage, _truncated, _beginning_lost, _pages_overwritten, _text_file]
)
def test_a_damaged_file_is_set_aside_as_it_is_and_a_new_one_is_begun(
    sqlite_url: str,
    database_folder: Path,
    open_conversations: Callable[[str], Conversations],
    damage: Callable[[Path], None],
) -> None:
    first = Conversations(sqlite_url)
    kept(first, *("Some words " * 100 for _ in range(20)))
    first.close()
    file = database_folder / "chats.db"
    damage(file)
    damaged = file.read_bytes()

    conversations = open_conversations(sqlite_url)

    [aside] = database_folder.glob("chats.db.damaged-*")
    assert aside.read_bytes() == damaged
    assert conversations.problem == ""
    assert "damaged" in conversations.notice
    assert aside.name in conversations.notice
    assert conversations.listed("ada") == []
    kept(conversations, "A new beginning")
    again = open_conversations(sqlite_url)
    assert [each.name for each in again.listed("ada")] == ["A new beginning"]
    assert again.notice == ""


def test_what_was_set_aside_is_never_overwritten(
    sqlite_url: str, database_folder: Path, open_conversations: Callable[[str], Conversations]
) -> None:
    file = database_folder / "chats.db"
    for number in range(3):
        file.write_text(f"Damaged, number {number}" * 100)
        open_conversations(sqlite_url).close()
        file.unlink()

    aside = database_folder.glob("chats.db.damaged-*")
    begun = sorted(each.read_text()[:17] for each in aside if each.suffix not in {"-wal", "-shm"})
    assert begun == [f"Damaged, number {number}" for number in range(3)]


def test_the_log_of_a_damaged_file_is_set_aside_with_it(
    sqlite_url: str, database_folder: Path, open_conversations: Callable[[str], Conversations]
) -> None:
    (database_folder / "chats.db").write_text("Not a database. " * 100)
    (database_folder / "chats.db-wal").write_text("Its log.")

    assert open_conversations(sqlite_url).notice

    [log] = database_folder.glob("chats.db.damaged-*-wal")
    assert log.read_text() == "Its log."


def test_a_database_of_another_app_is_left_alone(
    sqlite_url: str, database_folder: Path, open_conversations: Callable[[str], Conversations]
) -> None:
    with closing(sqlite3.connect(database_folder / "chats.db")) as connection:
        connection.executescript("CREATE TABLE message (words); INSERT INTO message VALUES ('x')")

    conversations = open_conversations(sqlite_url)

    assert conversations.problem
    with closing(sqlite3.connect(database_folder / "chats.db")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
        assert tables == [("message",)]
        assert connection.execute("SELECT * FROM message").fetchall() == [("x",)]


def test_a_file_that_is_damaged_while_it_is_open_is_named(
    sqlite_url: str, database_folder: Path, open_store: Callable[[str], Store]
) -> None:
    store = open_store(sqlite_url)
    given = Conversation(owner="ada")
    store.add(given, [asked := Question("a" * 50_000)], asked.id)
    store._engine.dispose()
    _pages_overwritten(database_folder / "chats.db")

    with pytest.raises(StoreError, match="damaged"):
        store.load(given.id)


def test_an_invalid_row_is_a_store_error(
    sqlite_url: str, database_folder: Path, open_store: Callable[[str], Store]
) -> None:
    store = open_store(sqlite_url)
    given = Conversation(owner="ada")
    store.add(given, [asked := answer("a")], asked.id)
    with closing(sqlite3.connect(database_folder / "chats.db")) as connection:
        connection.execute("UPDATE message SET record = '{}'")
        connection.commit()

    with pytest.raises(StoreError, match="cannot read"):
        store.load(given.id)


# Unusable URLs


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "not a database URL"),
        ("nonsense", "not a database URL"),
        (f"postgresql://ada:{PASSWORD}@host:port/chats", "not a database URL"),
        (f"mysql://ada:{PASSWORD}@127.0.0.1/chats", "not in mysql"),
        (f"nonsense://ada:{PASSWORD}@127.0.0.1/chats", "not in nonsense"),
        (f"postgresql+nonsense://ada:{PASSWORD}@127.0.0.1/chats", "postgresql.nonsense"),
        (f"postgresql://ada:{PASSWORD}@127.0.0.1:1/chats", UNREACHABLE),
        (f"postgres://ada:{PASSWORD}@127.0.0.1:1/chats", UNREACHABLE),
        (f"postgresql://ada:{PASSWORD}@/chats?host=/nowhere", UNREACHABLE),
        (f"postgresql://ada:{PASSWORD}@127.0.0.1/chats?nonsense=1", "reported an error"),
        ("sqlite:///{folder}", "cannot be opened"),
        ("sqlite:///{folder}/file/chats.db", "cannot be created"),
        ("sqlite:////proc/nowhere/chats.db", "cannot be created"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_a_sentence_without_the_password(
    tmp_path: Path, postgres_driver: None, address: str, sentence: str
) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=sentence) as refused:
        Store(address.replace("{folder}", str(tmp_path)))

    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 200
    assert PASSWORD not in "".join(traceback.format_exception(refused.value))


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StoreError, match=r"install psycopg\[binary\]"):
        Store(f"postgresql://ada:{PASSWORD}@127.0.0.1:1/chats")


def test_without_a_database_chats_continue_in_memory(
    tmp_path: Path, open_conversations: Callable[[str], Conversations]
) -> None:
    conversations = open_conversations(f"sqlite:///{tmp_path}")
    problem = conversations.problem
    assert problem

    given = conversations.new("ada")
    answered = ask(conversations, given, "What is a token?", picture())
    wait_until(lambda: not answered.running)
    conversations.put(given, Question("And then?", parent=given.leaf))

    assert (given.problem, given.temporary) == (problem, True)
    assert answered.record.maker.model == BuiltIn().model
    found = conversations.open(given.id, "ada")
    assert texts(found) == ["What is a token?", answered.text, "And then?"]
    assert found is not None
    assert (found.problem, found.temporary) == (problem, True)
    assert conversations.listed("ada") == []
    assert conversations.count("ada") == 0
    assert conversations.erase_all("ada") == 0
    assert conversations.open(given.id, "ada") is None
    for change in (
        lambda: conversations.save_again(given),
        lambda: conversations.keep(given),
        lambda: conversations.delete("ada", given.id),
    ):
        with pytest.raises(StoreError, match=problem):
            change()


def test_a_connection_that_was_lost_is_made_again(
    postgresql_url: str, open_store: Callable[[str], Store]
) -> None:
    store = open_store(postgresql_url)
    given = Conversation(owner="ada")
    store.add(given, [asked := Question("a")], asked.id)
    _execute(
        postgresql_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )

    assert isinstance(store.load(given.id), Conversation)
