"""The replies in flight: the only part of a conversation that belongs to a process."""

import threading

from workers_ai import Reply

from .answer_writer import RemoteAnswer, Writer
from .store.store import Store
from .tree import Conversation
from .tree_nodes import Answer


class InFlightReplies:
    """The answers that this process is writing, by conversation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writers: dict[tuple[str, str], Writer] = {}

    def begin(self, conversation_id: str, answer: Answer, writer: Writer, reply: Reply) -> None:
        """Start a reply and its writer; from now on `attach` finds them."""
        with self._lock:
            self._writers[conversation_id, answer.id] = writer
        writer.start()
        reply.start()

    def end(self, conversation_id: str, answer: Answer) -> None:
        """Forget an answer that is completely written."""
        with self._lock:
            self._writers.pop((conversation_id, answer.id), None)

    def settle(self, conversation_id: str) -> None:
        """Wait until all ended answers are in the store."""
        for writer in self._of(conversation_id):
            writer.settle()

    def stop(self, conversation_id: str) -> None:
        """Stop the answers being written in a conversation."""
        for writer in self._of(conversation_id):
            writer.reply.stop()

    def stop_all(self) -> None:
        """Stop all answers, and wait until they are in the store."""
        with self._lock:
            writers = list(self._writers.values())
        for writer in writers:
            writer.reply.stop()
            writer.settle()

    def attach(self, given: Conversation, store: Store) -> None:
        """Make running answers follow their writers, in this process or another."""
        for node in given.nodes.values():
            if not isinstance(node, Answer) or not node.running:
                continue
            with self._lock:
                writer = self._writers.get((given.id, node.id))
            if writer is not None:
                node.progress = writer.reply
            elif written := store.written(given.id, node.id):
                node.progress = RemoteAnswer(store, given.id, node.id, written)

    def _of(self, conversation_id: str) -> list[Writer]:
        with self._lock:
            return [each for key, each in self._writers.items() if key[0] == conversation_id]
