"""All conversations that this process can reach: in the database, and in memory only."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workers_ai import Client, Parameters, Reply, Request

from .answer_record import Maker, Record
from .answer_writer import Writer
from .in_flight_replies import InFlightReplies
from .picture import Picture
from .runs import Runs
from .store.queries import ChatSummary
from .store.storage import Stores
from .store.store import Store
from .store.store_errors import StoreError
from .tree import Conversation
from .tree_nodes import Answer, Node, Question, UserTurn


class Conversations:
    """Finds, changes and stores conversations for all owners. Safe to use from many threads.

    If the database cannot be used, they stay in memory like temporary ones.
    """

    def __init__(self, url: str) -> None:
        self._stores = Stores(url)
        self._flights = InFlightReplies()
        self.runs = Runs(self._stores)
        self._unsaved: dict[str, str] = {}

    def close(self) -> None:
        """Stop the answers being written, store them, and close all connections."""
        self._flights.stop_all()
        self.runs.close()
        self._stores.close()

    @property
    def problem(self) -> str:
        """Why nothing can be saved, or ""; if set, conversations stay in memory."""
        return self._stores.problem

    @property
    def notice(self) -> str:
        """A sentence about how the database was opened, or ""."""
        return self._stores.notice

    # Finding

    def new(self, owner: str, *, temporary: bool = False) -> Conversation:
        """Return an empty conversation. Nothing is stored before the first message."""
        fallback = bool(self.problem) and not temporary
        return Conversation(
            owner=owner,
            temporary=temporary or fallback,
            problem=self.problem if fallback else "",
        )

    def open(self, conversation_id: str, owner: str) -> Conversation | None:
        """Return a conversation for anyone to read; only its owner may change it.

        Raises `StoreError` if it cannot be read.
        """
        for store in self._stores.all():
            found = store.load(conversation_id)
            if found is not None:
                found.writable = found.owner == owner
                found.temporary = store is self._stores.temporary
                found.problem = self._unsaved.get(found.id, "") if found.temporary else ""
                self._flights.attach(found, store)
                return found
        return None

    def has_changed(self, given: Conversation) -> bool:
        """Return whether the store has a newer version, from another tab or process."""
        if given.version == 0:
            return False
        found = self._store(given).version(given.id)
        return found is not None and found != given.version

    def refresh(self, given: Conversation) -> None:
        """Update a conversation from the store. A running answer continues."""
        found = self._store(given).load(given.id)
        if found is None:
            return
        self._flights.attach(found, self._store(given))
        for node in filter(_has_reply, given.nodes.values()):
            if newer := found.nodes.get(node.id):
                node.deleted = newer.deleted
                found.nodes[node.id] = node
        given.replace_nodes(found.nodes.values())
        given.title, given.updated, given.version = found.title, found.updated, found.version
        if given.writable:
            given.show(found.leaf)

    def listed(self, owner: str, search: str = "", *, most: int = 50) -> list[ChatSummary]:
        """Return an owner's stored conversations, newest first."""
        kept = self._stores.kept
        return kept.listed(owner, search, most=most) if kept else []

    def count(self, owner: str) -> int:
        """Return how many stored conversations an owner has."""
        return self._stores.kept.count(owner) if self._stores.kept else 0

    # Asking and answering

    def ask(
        self,
        given: Conversation,
        asked: UserTurn,
        request: Request,
        client: Client,
        *,
        begun: str = "",
    ) -> Answer:
        """Store a question, or the results of calls, if it is new, and start its answer.

        When this returns, both are in the store, and the answer is saved there as it grows.
        Raises `BusyError` while another one is being written, `NotYoursError`, and `StoreError`.
        """
        self._flights.settle(given.id)
        reply = Reply(client, request)
        record = Record(Maker.of(client.backend), given.settings, begun=len(begun))
        answer = Answer(record, reply, asked.id, begun)
        new: list[Node] = [answer] if asked.id in given.nodes else [asked, answer]
        version = self._store(given).add(given, new, answer.id)
        self._changed(given, version, new, answer.id)
        writer = Writer(
            lambda: self._store(given),
            given.id,
            answer,
            reply,
            on_end=lambda why: self._ended(given, answer, why),
        )
        self._flights.begin(given.id, answer, writer, reply)
        return answer

    def put(self, given: Conversation, node: Node) -> None:
        """Add a finished message, and show it."""
        version = self._store(given).add(given, [node], node.id)
        self._changed(given, version, [node], node.id)

    # Changing

    def show(self, given: Conversation, node: Node) -> None:
        """Show the newest path through a message. For a reader who is not the owner, only here."""
        leaf = given.newest_below(node).id
        if given.writable and given.version:
            self._changed(given, self._store(given).show(given, leaf), (), leaf)
        else:
            given.show(leaf)

    def delete_message(self, given: Conversation, node: Node) -> None:
        """Delete a message. It can be restored for an hour."""
        self._mark(given, node, time.time())

    def restore_message(self, given: Conversation, node: Node) -> None:
        """Restore a message."""
        self._mark(given, node, None)

    def rename(self, given: Conversation, title: str) -> None:
        """Set the title of a conversation; "" names it after its first question."""
        self._changed(given, self._store(given).rename(given, title.strip()), (), given.leaf)
        given.title = title.strip()

    def keep_settings(self, given: Conversation) -> None:
        """Store the conversation's current settings."""
        self._changed(given, self._store(given).keep_settings(given), (), given.leaf)

    def delete(self, owner: str, conversation_id: str) -> None:
        """Remove a conversation from the list. It can be restored for an hour."""
        self._mark_conversation(owner, conversation_id, time.time())
        self._flights.stop(conversation_id)

    def restore(self, owner: str, conversation_id: str) -> None:
        """Restore a deleted conversation."""
        self._mark_conversation(owner, conversation_id, None)

    # Presets

    def presets(self, owner: str) -> dict[str, Parameters]:
        """Return an owner's presets, by name."""
        return self._presets().presets(owner)

    def keep_preset(self, owner: str, name: str, parameters: Parameters) -> None:
        """Store a preset, replacing one with the same name."""
        self._presets().keep_preset(owner, name, parameters)

    def erase_preset(self, owner: str, name: str) -> None:
        """Erase a preset."""
        self._presets().erase_preset(owner, name)

    def _presets(self) -> Store:
        return self._stores.kept or self._stores.temporary

    # Erasing

    def erase_all(self, owner: str) -> int:
        """Permanently erase all conversations of an owner; return how many were stored."""
        self._stores.temporary.erase_all(owner)
        return self._stores.kept.erase_all(owner) if self._stores.kept else 0

    # Copying

    def copy(self, given: Conversation, owner: str) -> Conversation:
        """Store a copy that another owner can continue."""
        copied = Conversation(
            owner=owner,
            title=given.title,
            settings=given.settings,
            leaf=given.leaf,
            nodes={node.id: node for node in given.nodes.values() if not _is_running(node)},
        )
        if given.running:
            copied.show(given.running.parent)
        return self.keep(copied)

    def keep(self, given: Conversation) -> Conversation:
        """Store a whole conversation, such as one from a file. Return it as stored."""
        return self.keep_all([given], given.owner)[0]

    def keep_all(self, given: Iterable[Conversation], owner: str) -> list[Conversation]:
        """Store whole conversations for an owner, all or none. Return them as stored."""
        new = [replace(each, owner=owner) for each in given]
        self._stores.database().save(*new)
        found = (self.open(each.id, owner) for each in new)
        return [each for each in found if each]

    def all_of(self, owner: str) -> list[Conversation]:
        """Return all stored conversations of an owner with their content, newest first."""
        found = (self.open(each.id, owner) for each in self.listed(owner, most=self.count(owner)))
        return [each for each in found if each]

    def hold_in_memory(self, given: Conversation, problem: str) -> None:
        """Move a conversation that cannot be saved into memory, with all its messages.

        Pictures that cannot be read now are omitted; they return when it is saved again.
        """
        for node in given.nodes.values():
            if isinstance(node, Question):
                node.pictures = tuple(filter(_is_readable, node.pictures))
        self._move(given, self._stores.temporary)
        given.problem = self._unsaved[given.id] = problem

    def save_again(self, given: Conversation) -> None:
        """Save a conversation that could not be saved. Raises `StoreError` if it still cannot."""
        if self.problem:
            self._stores.open_database()
        self._move(given, self._stores.database())
        self._stores.temporary.erase(given.owner, given.id)
        self._unsaved.pop(given.id, None)
        given.problem = ""

    # Internals

    def _move(self, given: Conversation, store: Store) -> None:
        running = list(filter(_is_running, given.nodes.values()))
        [given.version] = store.save(given)
        given.temporary = store is self._stores.temporary
        for node in running:
            # It may have ended in the meantime, in the other store.
            if isinstance(node, Answer) and not node.running:
                store.end(given.id, node)
        # From now on its pictures are read from the new store.
        self.refresh(given)

    def _store(self, given: Conversation) -> Store:
        kept = None if given.temporary else self._stores.kept
        return kept or self._stores.temporary

    def _changed(
        self, given: Conversation, version: int, nodes: Sequence[Node], leaf: str | None
    ) -> None:
        """Apply a change made in the store to the view, along with the changes of others."""
        behind = version > max(given.version, 1) + 1
        for node in nodes:
            given.add(node)
        given.show(leaf)
        given.version, given.updated = version, time.time()
        if given.temporary and given.problem:
            self._unsaved[given.id] = given.problem
        if behind:
            self.refresh(given)

    def _mark(self, given: Conversation, node: Node, deleted: float | None) -> None:
        version = self._store(given).mark_message(given, node.id, deleted)
        given.mark_deleted(node, deleted)
        self._changed(given, version, (), given.leaf)

    def _mark_conversation(self, owner: str, conversation_id: str, deleted: float | None) -> None:
        self._stores.database().mark_conversation(owner, conversation_id, deleted)

    def _ended(self, given: Conversation, answer: Answer, problem: str) -> None:
        if problem:
            given.problem = problem
        self._flights.end(given.id, answer)


def _is_running(node: Node) -> bool:
    return isinstance(node, Answer) and node.running


def _has_reply(node: Node) -> bool:
    return isinstance(node, Answer) and node.reply is not None


def _is_readable(picture: Picture) -> bool:
    try:
        return bool(picture.data and picture.thumbnail)
    except StoreError:
        return False
