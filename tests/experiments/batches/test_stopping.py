"""Batches pause, stop on request or automatically, and resume in this process or the next."""

import threading
import time
from dataclasses import replace

import pytest

from experiments import Batch, Outcome
from experiments.batches.scheduler import GIVE_UP_AFTER, LONGEST_PAUSE
from tests.experiments.batches.scripted import (
    SOON,
    Gate,
    LeapingClock,
    QuickClock,
    asked,
    by_key,
    calls_of,
    client_at,
    client_of,
    echo,
    ended,
    jobs_of,
    outcome_of,
    until,
)
from tests.wire_server import Answer, Failure, Request, WireServer
from workers_ai import ChatRequest, Client, PromptRequest

HELD = Answer.stream(["Half"]).broken(1, "hold")
SILENT = Answer.json("never").after(60)


def states(batch: Batch) -> list[str]:
    return [each.state for each in batch.snapshot().outcomes]


# On request


@pytest.mark.parametrize("answer", [HELD, SILENT])
def test_stop_ends_the_calls_in_flight_immediately(
    server: WireServer, client: Client, answer: Answer
) -> None:
    server.script(by_key({str(number): answer for number in range(1, 9)}))
    batch = Batch(client, jobs_of(9, stream=answer is HELD), concurrency=3).start()
    assert until(lambda: len(server.requests) == 4)
    # Wait for the first piece.
    assert until(lambda: answer is SILENT or all(len(r.sent) > 1 for r in server.requests))
    time.sleep(0.02)
    began = time.monotonic()
    batch.stop()
    assert batch.wait(SOON)
    assert server.until(lambda s: s.open_connections == 0)
    assert time.monotonic() - began < 1

    assert states(batch) == ["done", *["stopped"] * 3, *["waiting"] * 5]
    stopped = outcome_of(batch, "1")
    assert (stopped.text, stopped.finish) == ("Half" if answer is HELD else "", "stopped")
    assert batch.snapshot().state == "stopped"
    assert len(server.requests) == 4
    assert sum(closing.mid_answer for closing in server.closed_by_client) == 3


@pytest.mark.parametrize("go_on", [Batch.start, Batch.resume])
def test_resuming_makes_stopped_and_waiting_calls(
    server: WireServer, client: Client, go_on: object
) -> None:
    server.script(by_key({"1": SILENT, "2": SILENT}))
    batch = Batch(client, jobs_of(6), concurrency=2).start()
    assert until(lambda: len(server.requests) == 3)
    batch.stop()
    assert batch.wait(SOON)
    server.script(echo)
    assert callable(go_on)
    go_on(batch)

    assert [each.text for each in ended(batch)] == [f"You said {number}" for number in range(6)]
    assert [calls_of(server, str(number)) for number in range(6)] == [1, 2, 2, 1, 1, 1]
    assert outcome_of(batch, "1").attempts == 2


def test_going_on_before_the_stopped_calls_have_ended_loses_none(
    server: WireServer, client: Client
) -> None:
    server.script(by_key({"0": SILENT, "1": SILENT}))
    batch = Batch(client, jobs_of(4), concurrency=2).start()
    assert until(lambda: len(server.requests) == 2)
    server.script(echo)
    batch.stop()
    batch.start()

    assert [each.state for each in ended(batch)] == ["done"] * 4


def test_a_pause_lets_the_calls_in_the_air_end(server: WireServer, client: Client) -> None:
    gate = Gate()
    server.script(gate.answer)
    batch = Batch(client, jobs_of(6), concurrency=2).start()
    assert until(lambda: gate.waiting == 2)
    batch.pause()
    assert batch.snapshot().state == "paused"
    assert not batch.wait(0.02)
    gate.open()
    assert batch.wait(SOON)
    assert states(batch) == [*["done"] * 2, *["waiting"] * 4]
    assert batch.snapshot().seconds_left is not None
    batch.resume()

    assert {each.state for each in ended(batch)} == {"done"}
    assert len(server.requests) == 6


def test_a_pause_begins_nothing_and_a_stopped_batch_stays_so(client: Client) -> None:
    batch = Batch(client, jobs_of(2))
    batch.pause()
    assert batch.snapshot().state == "ready"
    batch.stop()
    batch.pause()

    assert batch.snapshot().state == "stopped"
    assert states(batch) == ["waiting"] * 2


def test_a_stop_while_requests_are_made_sends_none(server: WireServer, client: Client) -> None:
    asked_for, go = threading.Event(), threading.Event()
    [job, *_] = jobs_of(1)

    def make() -> ChatRequest | PromptRequest:
        asked_for.set()
        assert go.wait(SOON)
        return job.request()

    batch = Batch(client, [replace(job, request=make)]).start()
    assert asked_for.wait(SOON)
    batch.stop()
    go.set()
    [outcome] = ended(batch)

    assert (outcome.state, outcome.attempts) == ("stopped", 0)
    assert server.requests == []


def test_a_stop_wakes_calls_that_wait_for_the_server(server: WireServer, client: Client) -> None:
    server.script(Failure.status(code=3021, retry_after=50))
    batch = Batch(client, jobs_of(3), concurrency=2).start()
    assert until(lambda: batch.snapshot().pace.wait > 40)
    assert until(lambda: batch.snapshot().counts["running"] == 0)
    began = time.monotonic()
    batch.stop()
    assert batch.wait(SOON)

    assert time.monotonic() - began < 1
    assert states(batch) == ["waiting"] * 3


# In the next process


def test_a_run_survives_the_end_of_its_process(server: WireServer, client: Client) -> None:
    kept: dict[str, Outcome] = {}
    server.script(by_key({"2": SILENT, "3": Failure.status(code=5006)}))

    def keep(outcome: Outcome) -> None:
        kept[outcome.key] = outcome

    batch = Batch(client, jobs_of(6), concurrency=2, on_outcome=keep).start()
    assert until(lambda: len(kept) == 5)
    batch.stop()
    assert batch.wait(SOON)
    assert kept == {each.key: each for each in batch.snapshot().outcomes}
    # As left by a killed process, and an outcome of a job that no longer exists.
    known = kept | {"4": Outcome("4", "running", attempts=1), "9": Outcome("9", "done")}
    server.script(echo)
    server.clear()
    with client_of(server) as later:
        again = Batch(later, jobs_of(6), known=known)
        assert states(again) == ["done", "done", "stopped", "failed", "waiting", "done"]
        ended(again.start())

    assert sorted(map(asked, server.requests)) == ["2", "4"]
    assert states(again) == ["done", "done", "done", "failed", "done", "done"]
    assert again.snapshot().outcomes[0] is kept["0"]
    assert [outcome_of(again, key).attempts for key in "24"] == [2, 2]


def test_known_outcomes_can_be_a_list_too(client: Client) -> None:
    batch = Batch(client, jobs_of(2), known=[Outcome("1", "done", "Hi")])

    assert [each.text for each in batch.snapshot().outcomes] == ["", "Hi"]


# Automatically


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (3036, "QuotaError"),
        (4006, "QuotaError"),
        (10000, "AuthenticationError"),
        (5028, "ModelUnavailableError"),
        (5018, "ModelUnavailableError"),
    ],
)
def test_trouble_that_meets_all_stops_the_batch_and_burns_nothing_more(
    server: WireServer, client: Client, code: int, name: str
) -> None:
    server.script(echo, echo, Failure.status(code=code))
    saved: list[Outcome] = []
    batch = Batch(client, jobs_of(20), concurrency=4, on_outcome=saved.append).start()
    assert batch.wait(SOON)

    snapshot = batch.snapshot()
    assert snapshot.state == "stopped"
    assert snapshot.problem is not None
    assert (snapshot.problem.name, snapshot.problem.code) == (name, code)
    assert (snapshot.counts["done"], snapshot.counts["waiting"]) == (2, 18)
    assert len(server.requests) <= 2 + 4
    assert {each.state for each in saved} == {"done"}

    server.script(echo)
    batch.start()
    assert batch.snapshot().problem is None
    assert {each.state for each in ended(batch)} == {"done"}


def test_a_job_that_stops_the_batch_each_time_comes_last(
    server: WireServer, client: Client
) -> None:
    server.script(by_key({"0": Failure.status(code=10000)}))
    batch = Batch(client, jobs_of(5), concurrency=1).start()
    assert batch.wait(SOON)
    assert states(batch) == ["waiting"] * 5
    batch.start()
    assert batch.wait(SOON)

    assert states(batch) == ["waiting", *["done"] * 4]
    assert batch.snapshot().problem is not None


def test_other_calls_finish_when_a_batch_stops_automatically(
    server: WireServer, client: Client
) -> None:
    gate = Gate()
    server.script(by_key({"1": Failure.status(code=3036)}, gate.answer))
    batch = Batch(client, jobs_of(9), concurrency=2).start()
    assert until(lambda: batch.snapshot().problem is not None)
    assert batch.snapshot().counts["running"] == 1
    gate.open()
    assert batch.wait(SOON)

    assert states(batch) == ["done", *["waiting"] * 8]


def test_the_first_problem_is_the_one_reported(server: WireServer, client: Client) -> None:
    late = Failure.status(code=10000).after(0.03)
    server.script(by_key({"0": late, "1": Failure.status(code=3036)}))
    batch = Batch(client, jobs_of(5), concurrency=2).start()
    assert batch.wait(SOON)

    problem = batch.snapshot().problem
    assert problem is not None
    assert problem.name == "QuotaError"
    assert len(server.requests) == 2


def test_text_that_came_before_the_trouble_is_kept(server: WireServer, client: Client) -> None:
    report = {"errors": [{"code": 3036, "message": "Used up"}]}
    server.script(Answer.events({"response": "Half"}, report))
    batch = Batch(client, jobs_of(3, stream=True), concurrency=1).start()
    assert batch.wait(SOON)

    assert states(batch) == ["failed", "waiting", "waiting"]
    assert outcome_of(batch, "0").text == "Half"
    assert batch.snapshot().state == "stopped"


@pytest.mark.parametrize("retry_after", [None, 0])
def test_a_server_that_stays_busy_stops_the_batch(
    server: WireServer, client: Client, retry_after: float | None
) -> None:
    clock = LeapingClock()
    server.script(Failure.status(code=3040, retry_after=retry_after))
    batch = Batch(client, jobs_of(9), concurrency=4, clock=clock).start()
    assert batch.wait(SOON)

    snapshot = batch.snapshot()
    assert states(batch) == ["waiting"] * 9
    assert snapshot.problem is not None
    assert snapshot.problem.name == "RateLimitError"
    assert "No call was answered for 60" in snapshot.problem.message
    assert clock.time - 1000 >= GIVE_UP_AFTER["busy"]
    assert len(server.requests) < 120


def test_a_server_that_asks_for_too_long_a_wait_stops_the_batch(
    server: WireServer, client: Client
) -> None:
    server.script(Failure.status(code=3040, retry_after=LONGEST_PAUSE + 1))
    batch = Batch(client, jobs_of(9), concurrency=1).start()
    assert batch.wait(SOON)

    problem = batch.snapshot().problem
    assert problem is not None
    assert f"asks to wait {LONGEST_PAUSE + 1:.0f} s" in problem.message
    assert problem.retry_after == LONGEST_PAUSE + 1
    assert len(server.requests) == 1


def test_a_server_that_is_gone_stops_a_large_batch_and_fails_a_small_one() -> None:
    with WireServer() as gone:
        base_url = gone.base_url
    with client_at(base_url) as client:
        large = Batch(client, jobs_of(500), concurrency=4, clock=LeapingClock()).start()
        small = Batch(client, jobs_of(2), clock=LeapingClock()).start()
        assert large.wait(SOON)
        assert small.wait(SOON)

    snapshot = large.snapshot()
    assert snapshot.problem is not None
    assert snapshot.problem.name == "APIConnectionError"
    assert snapshot.counts["waiting"] == 500
    assert small.snapshot().problem is None
    assert states(small) == ["failed"] * 2


def test_trouble_is_counted_from_zero_after_a_resume(server: WireServer, client: Client) -> None:
    server.script(Failure.status(code=3040))
    batch = Batch(client, jobs_of(3), concurrency=1, clock=LeapingClock()).start()
    assert batch.wait(SOON)
    server.script(*[Failure.status(code=3040)] * 20, echo)
    batch.start()

    assert {each.state for each in ended(batch)} == {"done"}
    assert batch.snapshot().problem is None


def test_a_request_may_be_asked_again_while_the_batch_is_looked_at(
    server: WireServer, client: Client
) -> None:
    """There is no deadlock."""

    def answer(request: Request) -> Answer:
        batch.snapshot()
        return echo(request)

    server.script(answer)
    batch = Batch(client, jobs_of(8), clock=QuickClock(), on_outcome=lambda _: batch.retry_failed())

    assert {each.state for each in ended(batch.start())} == {"done"}
