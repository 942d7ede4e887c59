"""Outcomes are saved to a store that can be slow or temporarily down."""

import threading
import time

import pytest

from experiments import Batch, Outcome
from experiments.batches.outcome_storage import Saver
from tests.experiments.batches.scripted import (
    SOON,
    Gate,
    LeapingClock,
    QuickClock,
    by_key,
    ended,
    jobs_of,
    until,
)
from tests.wire_server import Failure, WireServer
from workers_ai import Client


class Shelf:
    """Stores outcomes, and records simultaneous writers."""

    def __init__(self, failures: int = 0, *, slow: float = 0) -> None:
        self.kept: list[Outcome] = []
        self.failures = failures
        self.tries = self.at_once = self.most = 0
        self._slow = slow

    def keep(self, outcome: Outcome) -> None:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.tries += 1
        time.sleep(self._slow)
        self.at_once -= 1
        if self.tries <= self.failures:
            raise OSError("The disk is full.")
        self.kept.append(outcome)

    @property
    def keys(self) -> list[str]:
        return sorted(each.key for each in self.kept)


def test_each_outcome_is_handed_over_once_and_one_at_a_time(
    server: WireServer, client: Client
) -> None:
    shelf = Shelf(slow=0.002)
    server.script(by_key({"3": Failure.status(code=5006)}))
    jobs = jobs_of(20)
    batch = Batch(client, jobs, concurrency=8, on_outcome=shelf.keep).start()
    outcomes = ended(batch)

    assert shelf.keys == sorted(job.key for job in jobs)
    assert shelf.most == 1
    assert {each.key: each for each in shelf.kept} == {each.key: each for each in outcomes}
    assert batch.snapshot().unsaved == 0


def test_it_is_tried_again_until_all_is_kept(server: WireServer, client: Client) -> None:
    shelf = Shelf(failures=7)
    batch = Batch(
        client, jobs_of(5), concurrency=2, on_outcome=shelf.keep, clock=QuickClock()
    ).start()
    ended(batch)

    assert shelf.keys == ["0", "1", "2", "3", "4"]
    assert shelf.most == 1
    assert shelf.tries == 5 + 7


def test_an_unreachable_store_is_reported_and_nothing_is_lost(
    server: WireServer, client: Client
) -> None:
    shelf = Shelf(failures=10**9)
    batch = Batch(client, jobs_of(4), on_outcome=shelf.keep, clock=QuickClock()).start()
    assert until(lambda: batch.snapshot().unsaved == 4)
    assert not batch.wait(0.02)
    snapshot = batch.snapshot()
    assert (snapshot.state, snapshot.save_problem) == ("done", "The disk is full.")
    assert until(lambda: batch.snapshot().version > snapshot.version)
    shelf.failures = 0
    ended(batch)

    assert shelf.keys == ["0", "1", "2", "3"]
    assert (batch.snapshot().unsaved, batch.snapshot().save_problem) == (0, "")


def test_a_stop_does_not_wait_for_the_store_and_a_start_tries_again(
    server: WireServer, client: Client
) -> None:
    shelf = Shelf(failures=10**9)
    batch = Batch(client, jobs_of(3), on_outcome=shelf.keep).start()
    assert until(lambda: batch.snapshot().unsaved == 3)
    batch.stop()
    assert batch.wait(SOON)
    assert batch.snapshot().unsaved == 3
    shelf.failures = 0
    began = time.monotonic()
    ended(batch.start())

    assert shelf.keys == ["0", "1", "2"]
    assert time.monotonic() - began < 1


def test_what_is_stopped_is_kept_too(server: WireServer, client: Client) -> None:
    shelf, gate = Shelf(), Gate()
    server.script(gate.answer)
    batch = Batch(client, jobs_of(5), concurrency=2, on_outcome=shelf.keep).start()
    assert until(lambda: gate.waiting == 2)
    batch.stop()
    assert batch.wait(SOON)
    gate.open()

    assert [(each.key, each.state) for each in sorted(shelf.kept, key=lambda o: o.key)] == [
        ("0", "stopped"),
        ("1", "stopped"),
    ]


def test_on_outcome_can_stop_the_batch(server: WireServer, client: Client) -> None:
    batch = Batch(client, jobs_of(50), concurrency=1, on_outcome=lambda _: batch.stop())
    assert batch.start().wait(SOON)

    assert batch.snapshot().counts["done"] == 1


def test_outcomes_that_are_never_accepted_do_not_block_others() -> None:
    kept: list[str] = []

    def keep(outcome: Outcome) -> None:
        if outcome.key.startswith("bad"):
            raise ValueError(outcome.key)
        kept.append(outcome.key)

    saver = Saver(keep, LeapingClock())
    for key in ("bad 1", "bad 2", "bad 3", "good 1", "good 2"):
        saver.add(Outcome(key, "done"))
    for _ in range(4):
        saver.save()

    assert kept == ["good 1", "good 2"]
    assert saver.left()[0] == 3


def test_a_store_that_is_away_is_not_asked_for_every_outcome() -> None:
    shelf = Shelf(failures=10**9)
    saver = Saver(shelf.keep, LeapingClock())
    for number in range(100):
        saver.add(Outcome(str(number), "done"))
    saver.save()

    assert shelf.tries == 2
    assert 0 < saver.wait(1000.0) <= 1


def test_the_newest_outcome_of_a_job_is_the_one_that_is_kept() -> None:
    kept: list[Outcome] = []

    def keep(outcome: Outcome) -> None:
        if outcome.text == "old":
            saver.add(Outcome("a", "done", "new"))
        kept.append(outcome)

    saver = Saver(keep, LeapingClock())
    saver.add(Outcome("a", "done", "older"))
    saver.add(Outcome("a", "done", "old"))
    saver.save()

    assert [each.text for each in kept] == ["old", "new"]
    assert saver.left() == (0, "")


def test_no_outcome_waits_for_the_next_one_when_many_threads_save() -> None:
    shelf = Shelf()
    saver = Saver(shelf.keep, LeapingClock())

    def save(prefix: str) -> None:
        for number in range(300):
            saver.add(Outcome(f"{prefix}{number}", "done"))
            saver.save()

    workers = [threading.Thread(target=save, args=(prefix,)) for prefix in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(SOON)

    assert saver.left() == (0, "")
    assert len(shelf.keys) == len(set(shelf.keys)) == 1200
    assert shelf.most == 1


def test_a_saver_that_is_interrupted_can_save_again() -> None:
    kept: list[str] = []

    def keep(outcome: Outcome) -> None:
        kept.append(outcome.key)
        if len(kept) == 1:
            raise KeyboardInterrupt

    saver = Saver(keep, LeapingClock())
    saver.add(Outcome("a", "done"))
    with pytest.raises(KeyboardInterrupt):
        saver.save()
    saver.save()

    assert kept == ["a", "a"]
