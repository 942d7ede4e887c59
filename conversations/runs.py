"""Runs of many calls, stored as their answers arrive; active ones belong to this process."""

import threading
from functools import partial
from typing import Any

from experiments import Batch, Outcome
from workers_ai import Client

from .run import Run, RunSummary
from .store.storage import Stores
from .store.store import Store


class Runs:
    """Finds, stores and executes runs for all owners. Safe to use from many threads.

    Raises `StoreError` if the database fails.
    """

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._lock = threading.Lock()
        self._batches: dict[str, tuple[Client, Batch]] = {}

    def close(self) -> None:
        """Stop all calls."""
        with self._lock:
            batches = [batch for _, batch in self._batches.values()]
        for batch in batches:
            batch.stop()
            batch.wait(2)

    def find(self, run_id: str, owner: str) -> Run[Any] | None:
        """Return an owner's run with all its outcomes, or None."""
        batch = self.batch(run_id)
        found = self._store().load_run(owner, run_id, outcomes=batch is None)
        if found and batch:
            found.outcomes |= {each.key: each for each in batch.snapshot().outcomes}
        return found

    def listed(self, owner: str, kind: str, *, most: int = 50) -> list[RunSummary[Any]]:
        """Return an owner's runs of one kind, newest first."""
        return self._store().list_runs(owner, kind, most)

    def batch(self, run_id: str) -> Batch | None:
        """Return the calls of a run, if this process has made any of them."""
        with self._lock:
            _, batch = self._batches.get(run_id, (None, None))
        return batch

    def begin(self, run: Run[Any], client: Client) -> Batch:
        """Store a new run, and start its calls."""
        self._store().add_run(run)
        return self.resume(run, client)

    def resume(self, run: Run[Any], client: Client) -> Batch:
        """Make the remaining calls with this client."""
        with self._lock:
            before, batch = self._batches.get(run.id, (None, None))
            if batch is not None and before is client:
                return batch.start()
            if batch is not None:
                batch.stop()
                batch.wait(2)
                run.outcomes |= {each.key: each for each in batch.snapshot().outcomes}
            self._forget_ended()
            new = self._batch_of(run, client)
            self._batches[run.id] = client, new
        return new.start()

    def retry_failed(self, run: Run[Any], client: Client) -> Batch:
        """Repeat the calls that failed."""
        batch = self.batch(run.id)
        if batch is None:
            run.outcomes = {
                key: each.reopened() if each.state == "failed" else each
                for key, each in run.outcomes.items()
            }
        else:
            batch.retry_failed()
        return self.resume(run, client)

    def erase(self, run: Run[Any]) -> None:
        """Stop a run, and erase it permanently."""
        with self._lock:
            _, batch = self._batches.pop(run.id, (None, None))
        if batch is not None:
            batch.stop()
            batch.wait(2)
        self._store().erase_run(run.owner, run.id)

    def _batch_of(self, run: Run[Any], client: Client) -> Batch:
        return Batch(
            client,
            list(run.jobs(client.backend.tool_support)),
            concurrency=run.plan.concurrency,
            per_minute=run.plan.per_minute,
            known=run.outcomes,
            on_outcome=partial(self._keep, run.id),
        )

    def _keep(self, run_id: str, outcome: Outcome) -> None:
        self._store().keep_outcome(run_id, outcome)

    def _forget_ended(self) -> None:
        for run_id, (_, batch) in list(self._batches.items()):
            snapshot = batch.snapshot()
            if snapshot.state == "done" and not snapshot.unsaved:
                del self._batches[run_id]

    def _store(self) -> Store:
        return self._stores.kept or self._stores.temporary
