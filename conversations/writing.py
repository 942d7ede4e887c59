"""An answer on its way into the store, and one that another process is writing there."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from workers_ai import Reply, Snapshot

from .failing import StoreError
from .nodes import Answer
from .reading import Written
from .store import Store

EVERY = 1.0
"""Seconds between two writes of a growing answer: what a killed server loses at the most."""

_LAST_TRIES = 3


class Writer:
    """Writes an answer into the store while its reply grows, and when it has ended.

    It works in a thread of its own, whoever looks on. `store` is asked each time: a conversation
    may have to go on in memory meanwhile. `on_end` is called last, with the sentence that says why
    the answer could not be written, or "".
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
        """Begin."""
        self._thread.start()

    def settle(self) -> None:
        """Wait for the last write of a reply that has ended. One that runs is not waited for."""
        if self.reply.snapshot().finish is not None:
            self._thread.join()

    def _run(self) -> None:
        problem = "The app could not write it."
        try:
            while not self.reply.join(EVERY):
                self._grow()
            problem = self._end()
        finally:
            self._on_end(problem)

    def _grow(self) -> None:
        try:
            asked_to_stop = self._store().grow(*self._place, self._answer.text)
        except StoreError:
            # The next try comes in a second, and the last one tells.
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
                time.sleep(EVERY)
            else:
                return ""
        return ""


class Watched:
    """An answer that another process writes, as it appears in the store."""

    def __init__(self, store: Store, conversation_id: str, message_id: str, begun: Written) -> None:
        self._store = store
        self._place = (conversation_id, message_id)
        self._seen = begun
        self._version = 0

    def snapshot(self) -> Snapshot:
        """Return it as it was when it was last looked at."""
        seen = self._seen
        record = seen.record if seen.alive or seen.record.finish else seen.record.interrupted()
        return replace(record.snapshot(seen.text), version=self._version)

    def wait(self, version: int, seconds: float) -> bool:
        """Look again, until there is something new or the time is up."""
        deadline = time.monotonic() + seconds
        while self._version <= version and self.snapshot().finish is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, EVERY / 2))
            self._look()
        return True

    def stop(self) -> None:
        """Ask its writer to end it."""
        self._store.ask_to_stop(*self._place)

    def _look(self) -> None:
        try:
            # What has been erased has lost its writer, too.
            found = self._store.written(*self._place) or replace(self._seen, alive=False)
        except StoreError:
            # It may come back; what has been seen stays.
            return
        if found != self._seen:
            self._seen = found
            self._version += 1
