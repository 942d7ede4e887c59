"""Where conversations are found again: by any page, tab or thread of this process."""

import threading
from collections import OrderedDict

from .turns import Conversation


class Conversations:
    """The conversations of this process, by id. When it is full, empty and old ones go first."""

    def __init__(self, *, most: int = 500) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Conversation] = OrderedDict()

    def find(self, conversation_id: str) -> Conversation | None:
        """Return the conversation with this id, if it is kept here."""
        with self._lock:
            found = self._known.get(conversation_id)
            if found:
                self._known.move_to_end(conversation_id)
            return found

    def keep(self, conversation: Conversation) -> None:
        """Keep a conversation, so that its id finds it."""
        with self._lock:
            self._known[conversation.id] = conversation
            self._known.move_to_end(conversation.id)
            others = (known for known in self._known.values() if known is not conversation)
            idle = [known for known in others if not known.running]
            idle.sort(key=lambda known: bool(known.turns))
            for old in idle[: max(0, len(self._known) - self._most)]:
                del self._known[old.id]
