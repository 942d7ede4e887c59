"""The pace of a batch: limited by the settings, and by what the server can handle."""

import threading
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import Batch
from experiments.batches.failure_policy import BUSY_ROUNDS
from experiments.batches.throttle import RAISE_AFTER, Throttle
from tests.experiments.batches.scripted import (
    LeapingClock,
    QuickClock,
    asked,
    by_key,
    echo,
    ended,
    first,
    jobs_of,
    until,
)
from tests.wire_server import Answer, Failure, Request, WireServer
from workers_ai import Client

BUSY = Failure.status(code=3021, retry_after=0)


# Limits from the settings


def test_calls_begin_at_an_even_distance(server: WireServer, client: Client) -> None:
    clock, begun = LeapingClock(), []

    def answer(request: Request) -> Answer:
        begun.append(clock.time)
        return echo(request)

    server.script(answer)
    ended(Batch(client, jobs_of(9), concurrency=1, per_minute=24, clock=clock).start())

    assert [b - a for a, b in pairwise(begun)] == pytest.approx([2.5] * 8)


def test_the_distance_holds_for_all_threads_together(server: WireServer, client: Client) -> None:
    began = time.monotonic()
    batch = Batch(client, jobs_of(9), concurrency=4, per_minute=30, clock=QuickClock()).start()
    ended(batch)

    # Eight intervals of two fast seconds.
    assert time.monotonic() - began >= 8 * 2 / QuickClock.SPEED


def test_calls_that_are_made_again_count_too(server: WireServer, client: Client) -> None:
    clock, begun = LeapingClock(), []

    def answer(request: Request) -> Answer:
        begun.append(clock.time)
        return BUSY if len(begun) < 3 else echo(request)

    server.script(answer)
    ended(Batch(client, jobs_of(3), concurrency=1, per_minute=60, clock=clock).start())

    assert len(begun) == 5
    assert min(b - a for a, b in pairwise(begun)) == pytest.approx(1)


def test_the_number_a_minute_can_be_changed_while_one_waits(
    server: WireServer, client: Client
) -> None:
    batch = Batch(client, jobs_of(5), per_minute=1).start()
    assert until(lambda: batch.snapshot().counts["done"] == 1)
    batch.set_per_minute(None)

    assert {each.state for each in ended(batch)} == {"done"}


# Limits from the server


def test_a_busy_server_slows_a_batch_which_then_speeds_up_again(
    server: WireServer, client: Client
) -> None:
    most: list[int] = []
    lock, refused, bears = threading.Lock(), 0, 3
    running = 0

    def answer(request: Request) -> Answer:
        nonlocal running, refused
        with lock:
            running += 1
            most.append(running)
            over = running > bears
            refused += over
        time.sleep(0.002)
        with lock:
            running -= 1
        return BUSY if over else echo(request)

    server.script(answer)
    batch = Batch(client, jobs_of(120), concurrency=8).start()
    assert until(lambda: batch.snapshot().pace.concurrency < 8)
    reason = batch.snapshot().pace.reason
    assert reason.startswith("The server is busy; continuing")
    bears = 99
    outcomes = ended(batch)

    assert {each.state for each in outcomes} == {"done"}
    assert refused > 0
    assert sum(each.attempts for each in outcomes) == len(server.requests) == 120 + refused
    assert (batch.snapshot().pace.concurrency, batch.snapshot().pace.reason) == (8, "")


def test_a_server_is_left_alone_for_as_long_as_it_asks(server: WireServer, client: Client) -> None:
    server.script(first(1, Failure.status(code=3021, retry_after=20)))
    batch = Batch(client, jobs_of(4), concurrency=1, clock=QuickClock()).start()
    assert until(lambda: batch.snapshot().pace.wait > 0)
    assert batch.snapshot().pace.reason.endswith("s one at a time.")
    ended(batch)

    assert [asked(request) for request in server.requests] == ["0", "1", "2", "3", "0"]
    gaps = [b.time - a.time for a, b in pairwise(server.requests)]
    assert gaps[0] * QuickClock.SPEED >= 20


def test_a_limit_on_calls_fails_no_job_however_often_it_is_refused(
    server: WireServer, client: Client
) -> None:
    seen, refusals = [], BUSY_ROUNDS + 4

    def answer(request: Request) -> Answer:
        seen.append(asked(request))
        return BUSY if asked(request) == "0" and seen.count("0") <= refusals else echo(request)

    server.script(answer)
    outcomes = ended(Batch(client, jobs_of(9), concurrency=2, clock=QuickClock()).start())

    assert {each.state for each in outcomes} == {"done"}
    assert outcomes[0].attempts == refusals + 1


def test_a_line_that_breaks_after_text_holds_nobody(server: WireServer, client: Client) -> None:
    server.script(by_key({"0": Answer.stream(["Half"]).broken(1, "reset")}))
    batch = Batch(client, jobs_of(3, stream=True), concurrency=1).start()
    ended(batch)

    assert [asked(request) for request in server.requests] == ["0", "1", "2"]
    assert batch.snapshot().pace.wait == 0
    gaps = [b.time - a.time for a, b in pairwise(server.requests)]
    assert max(gaps) < 0.3


def test_a_job_that_only_ever_finds_a_gateway_fails(server: WireServer, client: Client) -> None:
    server.script(by_key({"0": Failure.html(502).with_retry_after(0)}))
    outcomes = ended(Batch(client, jobs_of(9), concurrency=2, clock=QuickClock()).start())

    assert [each.state for each in outcomes] == ["failed", *["done"] * 8]
    assert outcomes[0].attempts == 1 + BUSY_ROUNDS


def test_one_wave_of_refusals_is_one_cut() -> None:
    throttle = Throttle(16, None)
    wave = [throttle.begin(0) for _ in range(16)]
    for number in wave:
        throttle.refused(number, 2, now=1)

    assert throttle.concurrency == 8
    assert throttle.wait(0, now=1.5) == 1.5
    throttle.answered(throttle.begin(3))
    throttle.refused(throttle.begin(3), 2, now=3)
    assert throttle.concurrency == 4


def test_one_call_at_a_time_tries_a_server_that_is_busy_again_and_again() -> None:
    throttle = Throttle(16, None)
    for now in (0, 1):
        throttle.refused(throttle.begin(now), 0, now)
    assert throttle.concurrency == 1
    assert throttle.wait(0, now=1) > 0
    assert throttle.seconds_failing(now=3) == 3
    throttle.answered(throttle.begin(4))

    assert throttle.concurrency == 4
    assert throttle.seconds_failing(now=5) == 0


def test_the_waits_grow_while_the_server_asks_for_none() -> None:
    throttle, waits = Throttle(4, None), []
    for now in range(0, 1000, 100):
        throttle.refused(throttle.begin(now), None, now)
        waits.append(throttle.wait(0, now))

    assert 0.3 < waits[0] <= 0.5
    assert 6 <= waits[-1] <= 8
    assert waits[0] < waits[2] < waits[4]


def test_answers_raise_one_by_one_and_only_those_to_later_calls_count() -> None:
    throttle = Throttle(8, None)
    early = [throttle.begin(0) for _ in range(8)]
    throttle.refused(early[0], 0, now=0)
    for number in early[1:] * 5:
        throttle.answered(number)
    assert throttle.concurrency == 4
    seen = []
    for _ in range(5):
        for _ in range(RAISE_AFTER):
            throttle.answered(throttle.begin(1))
        seen.append(throttle.concurrency)

    assert seen == [5, 6, 7, 8, 8]
    assert throttle.pace(1).reason == ""


def test_a_line_that_breaks_holds_the_batch_and_does_not_narrow_it() -> None:
    throttle = Throttle(4, None)
    throttle.lost(throttle.begin(0), now=0)
    pace = throttle.pace(0)

    assert (pace.concurrency, pace.reason) == (
        4,
        "The server cannot be reached; continuing with 4 in parallel.",
    )
    assert throttle.pace(pace.wait).reason == ""


@given(
    st.integers(1, 32),
    st.lists(st.tuples(st.sampled_from("braw"), st.floats(0, 10), st.integers(1, 32))),
)
def test_a_throttle_stays_within_its_limits_and_never_stalls(
    allowed: int, events: list[tuple[str, float, int]]
) -> None:
    throttle, now, numbers = Throttle(allowed, 60), 0.0, [0]
    for kind, amount, count in events:
        now += amount
        if kind == "b":
            numbers.append(throttle.begin(now))
        elif kind == "r":
            throttle.refused(numbers[count % len(numbers)], amount, now)
        elif kind == "a":
            throttle.answered(numbers[count % len(numbers)])
        else:
            throttle.allow(allowed := count)
        assert 1 <= throttle.concurrency <= allowed
        assert throttle.wait(allowed, now) == float("inf")
        wait = throttle.wait(0, now)
        assert throttle.wait(0, now + wait + 1e-6) == 0
