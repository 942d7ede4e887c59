"""The tables: how they are created, and that an old database stays readable."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from conversations import StoreError
from conversations import store as package
from conversations.store import database, migration
from conversations.store.database import open_database
from conversations.store.store import Store
from conversations.store.store_errors import NEWER
from conversations.store.tables import HEAD, metadata

THE_FIRST_VERSION = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE conversation (
    id VARCHAR(64) NOT NULL, owner VARCHAR(80) NOT NULL, title TEXT NOT NULL,
    first_words TEXT NOT NULL, created DOUBLE NOT NULL, updated DOUBLE NOT NULL, deleted DOUBLE,
    settings TEXT NOT NULL, leaf VARCHAR(64), version INTEGER NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX conversation_of_owner ON conversation (owner, updated);
CREATE TABLE message (
    conversation_id VARCHAR(64) NOT NULL, id VARCHAR(64) NOT NULL, parent VARCHAR(64),
    role VARCHAR(16) NOT NULL, text TEXT NOT NULL, created DOUBLE NOT NULL, deleted DOUBLE,
    record TEXT, written DOUBLE, stop BOOLEAN NOT NULL, PRIMARY KEY (conversation_id, id),
    FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
CREATE TABLE image (
    sha256 VARCHAR(64) NOT NULL, data BLOB NOT NULL, thumbnail BLOB NOT NULL, PRIMARY KEY (sha256)
);
CREATE TABLE attachment (
    conversation_id VARCHAR(64) NOT NULL, message_id VARCHAR(64) NOT NULL,
    position INTEGER NOT NULL, sha256 VARCHAR(64) NOT NULL, name TEXT NOT NULL,
    media_type VARCHAR(64) NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    size INTEGER NOT NULL, original_format VARCHAR(16) NOT NULL, original_width INTEGER NOT NULL,
    original_height INTEGER NOT NULL, original_bytes INTEGER NOT NULL, changes TEXT NOT NULL,
    PRIMARY KEY (conversation_id, message_id, position),
    FOREIGN KEY(sha256) REFERENCES image (sha256),
    FOREIGN KEY(conversation_id, message_id) REFERENCES message (conversation_id, id)
        ON DELETE CASCADE
);
CREATE INDEX attachment_image ON attachment (sha256);
INSERT INTO alembic_version VALUES ('0001');
INSERT INTO conversation VALUES (
    'a-conversation', 'ada', 'Old times', 'What is in it?', 1764000000.5, 1764000060.25, NULL,
    '{"parameters":{"max_tokens":7,"stream":true},"system":"Be brief.","form":"messages",
      "lora":"","prefill":"","variables":{"name":"Ada"}}',
    'a2', 3
);
INSERT INTO message VALUES (
    'a-conversation', 'a1', NULL, 'user', 'What is in it?', 1764000001.0, NULL, NULL, NULL, 0
);
INSERT INTO message VALUES (
    'a-conversation', 'a2', 'a1', 'assistant', 'A red square.', 1764000002.0, NULL,
    '{"maker":{"kind":"cloudflare","label":"Workers AI","model":"@cf/google/gemma-3-12b-it"},
      "settings":{"parameters":{"max_tokens":7},"system":"","form":"messages","lora":"",
      "prefill":"","variables":{}},
      "begun":2,"finish":"done","seconds":1.5,"first_text":0.5,
      "usage":{"prompt_tokens":11,"completion_tokens":4,"total_tokens":15},
      "tool_calls":[{"name":"look","arguments":{"at":null},"id":"call_1"}],"damaged":1,
      "attempts":[{"error":"Busy.","status_code":429,"wait":1.0}]}',
    NULL, 0
);
INSERT INTO image VALUES ('5e1f', X'89504E47', X'FFD8FF');
INSERT INTO attachment VALUES (
    'a-conversation', 'a1', 0, '5e1f', 'square.png', 'image/png', 20, 10, 4, 'PNG', 40, 20, 99,
    '["Made smaller."]'
);
"""
"""An SQL dump of a file of the first version. Never edit it: people have such files."""


def made_by_the_first_version(url: str) -> None:
    with closing(sqlite3.connect(file_of(url))) as connection:
        connection.executescript(THE_FIRST_VERSION)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine, _ = open_database(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_code_uses(database_url: str) -> None:
    with connected(database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_a_difference_would_be_found(database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(text("ALTER TABLE message ADD COLUMN surplus INTEGER"))
        context = MigrationContext.configure(connection)

        assert compare_metadata(context, metadata)


def test_the_newest_revision_is_the_one_that_is_asked_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).with_name("migrations")))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_old_file_is_brought_up_to_date_and_keeps_all_that_it_has(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    made_by_the_first_version(sqlite_url)

    found = open_store(sqlite_url).load("a-conversation")

    assert found is not None
    assert (found.owner, found.title, found.version) == ("ada", "Old times", 3)
    assert (found.created, found.updated, found.leaf) == (1764000000.5, 1764000060.25, "a2")
    assert found.settings.system == "Be brief."
    assert found.settings.parameters.max_tokens == 7
    assert found.settings.variables == {"name": "Ada"}
    [turn] = found.turns
    assert turn.question is not None
    assert turn.question.text == "What is in it?"
    [picture] = turn.question.pictures
    assert (picture.data, picture.thumbnail) == (b"\x89PNG", b"\xff\xd8\xff")
    assert (picture.name, picture.changes) == ("square.png", ("Made smaller.",))
    assert turn.answer is not None
    assert (turn.answer.text, turn.answer.begun) == ("A red square.", "A ")
    record = turn.answer.record
    assert (record.maker.kind, record.finish, record.damaged) == ("cloudflare", "done", 1)
    assert record.usage is not None
    assert record.usage.total_tokens == 15
    assert record.tool_calls[0].arguments == {"at": None}
    assert record.attempts[0].wait == 1.0


def test_an_old_file_has_the_tables_of_a_new_one(sqlite_url: str) -> None:
    made_by_the_first_version(sqlite_url)
    with connected(sqlite_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_an_empty_file_becomes_a_database(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    file_of(sqlite_url).touch()

    assert open_store(sqlite_url).notice == ""
    assert open_store(sqlite_url).count("ada") == 0


def test_opening_again_runs_no_migration(
    database_url: str, open_store: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(database_url)
    monkeypatch.setattr(migration, "migrate", lambda _: pytest.fail("a migration was run"))

    assert open_store(database_url).count("ada") == 0


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(
    database_url: str, open_store: Callable[[str], Store]
) -> None:
    with connected(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        tables = inspect(connection).get_table_names()

    with pytest.raises(StoreError, match=NEWER):
        open_store(database_url)

    with untouched(database_url) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
        assert inspect(connection).get_table_names() == tables


@contextmanager
def untouched(url: str) -> Iterator[Connection]:
    """Connect directly, not as the app does."""
    engine = database.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        yield connection
    engine.dispose()
