"""The store of conversations: one database, which other processes may use at the same time."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, select, update

from experiments import Outcome
from workers_ai import Parameters

from ..answer_record import Record
from ..run import Run, RunSummary
from ..tree import Conversation, named_after
from ..tree_nodes import Answer, Node, Question
from .clock import is_alive, now
from .conversation_rows import (
    bump_version,
    insert_conversation,
    lock_row,
    refuse_second_writer,
    save_whole,
)
from .database import open_database
from .erasure import erase_all_of_owner, erase_deleted, erase_one, erase_unchanged
from .message_rows import insert_nodes, insert_once, is_abandoned
from .picture_cache import Images
from .queries import (
    ChatSummary,
    StoredAnswer,
    is_message,
    read_conversation,
    read_count,
    read_image,
    read_list,
    read_version,
    read_written,
)
from .run_rows import (
    erase_run,
    insert_run,
    keep_outcome,
    read_outcomes,
    read_run,
    read_run_pictures,
    read_runs,
)
from .store_errors import NotYoursError, StoreError, translated_errors
from .tables import conversation, message, preset


class Store:
    """The conversations in the database at one URL.

    Each method is one transaction, in any thread; its changes are committed when it returns.
    Raises `StoreError` with a sentence that can be shown, and `NotYoursError` if the conversation
    belongs to another owner. `notice` is a sentence about how the database was opened, or "".
    """

    def __init__(self, url: str) -> None:
        self._engine, self.notice = open_database(url)
        self._writing_engine = self._engine.execution_options(writes=True)
        self._images = Images(self._image_bytes)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    # Reading

    def load(self, conversation_id: str) -> Conversation | None:
        """Return a conversation, or None; the bytes of its pictures are read later.

        Answers being written are returned as stored, with `finish` None. Those whose writer has
        disappeared are marked as interrupted, here and in the store.
        """
        if not conversation_id.isprintable():
            # Not every database accepts such an id in a query.
            return None
        with self._reading() as connection:
            found = read_conversation(connection, conversation_id, self._images)
        if found is None:
            return None
        # The returned ones are marked in any case; the store may be read-only.
        with suppress(StoreError):
            for each in filter(is_abandoned, found[1]):
                self._interrupt(conversation_id, each.id, each.record)
        return found[0]

    def version(self, conversation_id: str) -> int | None:
        """Return the version of a conversation, or None if it no longer exists."""
        with self._reading() as connection:
            return read_version(connection, conversation_id)

    def written(self, conversation_id: str, message_id: str) -> StoredAnswer | None:
        """Return an answer as it is in the store now, or None if it no longer exists."""
        with self._reading() as connection:
            return read_written(connection, conversation_id, message_id)

    def listed(
        self, owner: str, search: str = "", *, most: int = 50, deleted: bool = False
    ) -> list[ChatSummary]:
        """Return an owner's conversations, newest first, that contain all words of `search`."""
        with self._reading() as connection:
            return read_list(connection, owner, search, most=most, deleted=deleted)

    def count(self, owner: str) -> int:
        """Return how many conversations an owner has."""
        with self._reading() as connection:
            return read_count(connection, owner)

    # Writing

    def save(self, *given: Conversation) -> list[int]:
        """Write whole conversations, all or none; messages already stored are kept.

        Return their versions.
        """
        with self._writing() as connection:
            return [save_whole(connection, each) for each in given]

    def add(self, given: Conversation, nodes: Sequence[Node], leaf: str) -> int:
        """Add messages to a conversation, and show the path to `leaf`. Return its version.

        Raises `BusyError` if one is a running answer while another answer is being written.
        """
        with self._writing() as connection:
            if given.version == 0:
                insert_conversation(connection, given)
            lock_row(connection, given)
            if any(isinstance(node, Answer) and node.running for node in nodes):
                refuse_second_writer(connection, given.id)
            insert_nodes(connection, given.id, nodes, now(connection))
            words = named_after([*given.nodes.values(), *nodes])
            version = bump_version(
                connection, given, leaf=leaf, settings=given.settings, first_words=words
            )
        for node in nodes:
            for picture in node.pictures if isinstance(node, Question) else ():
                self._images.remember(picture)
        return version

    def grow(self, conversation_id: str, message_id: str, text: str) -> bool:
        """Write the current text of an answer, and that its writer is active.

        Return whether the writer should stop.
        """
        with self._writing() as connection:
            row = connection.execute(
                update(message)
                .where(is_message(conversation_id, message_id))
                .where(message.c.written.is_not(None))
                .values(text=text, written=now(connection))
                .returning(message.c.stop)
            ).first()
        return row is None or bool(row.stop)

    def end(self, conversation_id: str, answer: Answer) -> None:
        """Write an answer that has ended."""
        with self._writing() as connection:
            connection.execute(
                update(message)
                .where(is_message(conversation_id, answer.id))
                .values(text=answer.text, record=answer.recorded(), written=None)
            )

    def ask_to_stop(self, conversation_id: str, message_id: str) -> None:
        """Ask the writer of an answer to stop, in whatever process it runs."""
        with self._writing() as connection:
            connection.execute(
                update(message).where(is_message(conversation_id, message_id)).values(stop=True)
            )

    def show(self, given: Conversation, leaf: str | None) -> int:
        """Store which path is shown. Return the version."""
        with self._writing() as connection:
            return bump_version(connection, given, leaf=leaf)

    def rename(self, given: Conversation, title: str) -> int:
        """Set the title of a conversation; "" removes it. Return the version."""
        with self._writing() as connection:
            return bump_version(connection, given, title=title)

    def keep_settings(self, given: Conversation) -> int:
        """Store the settings, and nothing else. Return the version."""
        with self._writing() as connection:
            if given.version == 0:
                insert_conversation(connection, given)
            return bump_version(connection, given, settings=given.settings)

    def mark_message(self, given: Conversation, message_id: str, deleted: float | None) -> int:
        """Mark a message as deleted, or restore it with None. Return the version."""
        left = [
            replace(node, deleted=deleted) if node.id == message_id else node
            for node in given.nodes.values()
        ]
        with self._writing() as connection:
            version = bump_version(connection, given, first_words=named_after(left))
            connection.execute(
                update(message).where(is_message(given.id, message_id)).values(deleted=deleted)
            )
            return version

    def mark_conversation(self, owner: str, conversation_id: str, deleted: float | None) -> None:
        """Mark a conversation as deleted, or restore it with None."""
        with self._writing() as connection:
            changed = connection.execute(
                update(conversation)
                .where(conversation.c.id == conversation_id, conversation.c.owner == owner)
                .values(deleted=deleted)
            )
            if not changed.rowcount:
                raise NotYoursError

    def erase(self, owner: str, conversation_id: str) -> None:
        """Permanently erase an owner's conversation, if it exists."""
        with self._writing() as connection:
            erase_one(connection, owner, conversation_id)
        self._empty_log()

    def erase_all(self, owner: str) -> int:
        """Permanently erase everything an owner has; return how many conversations there were."""
        with self._writing() as connection:
            erased = erase_all_of_owner(connection, owner)
        self._empty_log()
        return erased

    def erase_older(self, before: float) -> None:
        """Permanently erase what was last changed before a time."""
        with self._writing() as connection:
            erase_unchanged(connection, before)

    def erase_deleted(self, before: float) -> None:
        """Permanently erase conversations and the content of messages deleted before a time."""
        with self._writing() as connection:
            erase_deleted(connection, before)
        self._empty_log()

    # Runs

    def add_run(self, given: Run[Any]) -> None:
        """Write a new run with its pictures."""
        values = {
            "id": given.id,
            "owner": given.owner,
            "kind": given.plan.kind,
            "created": given.created,
            "plan": given.plan,
        }
        with self._writing() as connection:
            insert_run(connection, values, given.pictures)

    def load_run(self, owner: str, run_id: str, *, outcomes: bool = True) -> Run[Any] | None:
        """Return an owner's run, or None. Pass False for `outcomes` if a batch here has them."""
        with self._reading() as connection:
            row = read_run(connection, owner, run_id) if run_id.isprintable() else None
            if row is None:
                return None
            pictures = read_run_pictures(connection, run_id, self._images)
            known = read_outcomes(connection, run_id) if outcomes else {}
        return Run(row.plan, row.owner, pictures, row.id, row.created, known)

    def list_runs(self, owner: str, kind: str, most: int) -> list[RunSummary[Any]]:
        """Return an owner's runs of one kind, newest first."""
        with self._reading() as connection:
            rows = read_runs(connection, owner, kind, most)
        return [RunSummary(row.id, row.created, row.plan) for row in rows]

    def keep_outcome(self, run_id: str, outcome: Outcome) -> None:
        """Write the outcome of a call."""
        with self._writing() as connection:
            keep_outcome(connection, run_id, outcome)

    def erase_run(self, owner: str, run_id: str) -> None:
        """Permanently erase an owner's run, if it exists."""
        with self._writing() as connection:
            erase_run(connection, owner, run_id)
        self._empty_log()

    # Presets

    def presets(self, owner: str) -> dict[str, Parameters]:
        """Return an owner's presets, by name."""
        theirs = select(preset).where(preset.c.owner == owner).order_by(preset.c.name)
        with self._reading() as connection:
            return {row.name: row.parameters for row in connection.execute(theirs)}

    def keep_preset(self, owner: str, name: str, parameters: Parameters) -> None:
        """Write a preset, replacing one with the same name."""
        this = (preset.c.owner == owner) & (preset.c.name == name)
        values = {"owner": owner, "name": name, "parameters": parameters}
        with self._writing() as connection:
            if not insert_once(connection, preset, values):
                connection.execute(update(preset).where(this).values(values))

    def erase_preset(self, owner: str, name: str) -> None:
        """Erase a preset, if it exists."""
        this = (preset.c.owner == owner) & (preset.c.name == name)
        with self._writing() as connection:
            connection.execute(delete(preset).where(this))

    # Internals

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated_errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated_errors(), self._writing_engine.begin() as connection:
            yield connection

    def _empty_log(self) -> None:
        """Remove erased content from the cache and from SQLite's log."""
        self._images.forget()
        if self._engine.dialect.name == "sqlite":
            with translated_errors(), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(truncate)")

    def _interrupt(self, conversation_id: str, message_id: str, record: Record) -> None:
        with self._writing() as connection:
            connection.execute(
                update(message)
                .where(is_message(conversation_id, message_id), ~is_alive(connection))
                .values(written=None, record=record.interrupted())
            )

    def _image_bytes(self, sha256: str, column: str) -> bytes | None:
        with self._reading() as connection:
            return read_image(connection, sha256, column)
