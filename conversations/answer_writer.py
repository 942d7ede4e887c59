"""The writer of a growing answer, and the reader of one that another process is writing."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from workers_ai import Reply, Snapshot

from .store.queries import StoredAnswer
from .store.store import Store
from .store.store_errors import StoreError
from .tree_nodes import Answer

WRITE_INTERVAL = 1.0
"""Seconds between two writes of a growing answer: the most that a killed server can lose."""

_LAST_TRIES = 3


class Writer:
    """Writes an answer to the store while its reply grows, and once more when it has ended.

    It runs in its own thread, whether or not anyone is watching. `store` is called for every
    write, because the conversation may have moved to memory. `on_end` is called last, with a
    sentence on why the answer could not be written, or "".
    """

    def __init__(
        self,
        store: Callable[[], Store],
        conversation_id: str,
        answer: Answer,
        reply: Reply,
        *,
        on_end: Callable[[str], None],
    ) -> None:
        self._store = store
        self._place = (conversation_id, answer.id)
        self._answer = answer
        self.reply = reply
        self._on_end = on_end
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def settle(self) -> None:
        """Wait for the last write, if the reply has ended. Do not wait for a running one."""
        if self.reply.snapshot().finish is not None:
            self._thread.join()

    def _run(self) -> None:
        problem = "The app could not save this answer."
        try:
            while not self.reply.join(WRITE_INTERVAL):
                self._grow()
            problem = self._end()
        finally:
            self._on_end(problem)

    def _grow(self) -> None:
        try:
            asked_to_stop = self._store().grow(*self._place, self._answer.text)
        except StoreError:
            # The next attempt follows in a second, and the last one reports the error.
            return
        if asked_to_stop:
            self.reply.stop()

    def _end(self) -> str:
        for left in reversed(range(_LAST_TRIES)):
            try:
                self._store().end(self._place[0], self._answer)
            except StoreError as error:
                if not left:
                    return str(error)
                time.sleep(WRITE_INTERVAL)
            else:
                return ""
        return ""


class RemoteAnswer:
    """An answer that another process is writing, as seen in the store."""

    def __init__(
        self, store: Store, conversation_id: str, message_id: str, begun: StoredAnswer
    ) -> None:
        self._store = store
        self._place = (conversation_id, message_id)
        self._seen = begun
        self._version = 0

    def snapshot(self) -> Snapshot:
        """Return the answer as last read from the store."""
        seen = self._seen
        record = seen.record if seen.alive or seen.record.finish else seen.record.interrupted()
        return replace(record.snapshot(seen.text), version=self._version)

    def wait(self, version: int, seconds: float) -> bool:
        """Poll until there is something new or the time runs out."""
        deadline = time.monotonic() + seconds
        while self._version <= version and self.snapshot().finish is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, WRITE_INTERVAL / 2))
            self._look()
        return True

    def stop(self) -> None:
        """Ask its writer to stop."""
        self._store.ask_to_stop(*self._place)

    def _look(self) -> None:
        try:
            # An erased answer no longer has a writer.
            found = self._store.written(*self._place) or replace(self._seen, alive=False)
        except StoreError:
            # The store may recover; keep what has been read.
            return
        if found != self._seen:
            self._seen = found
            self._version += 1
