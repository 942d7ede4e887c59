"""Batches: every job is answered once, however many run in parallel and whichever ends first."""

import gc
import threading
import time
import tracemalloc
import weakref
from functools import partial

import pytest
from pydantic import ValidationError

from experiments import LARGEST_CONCURRENCY, Batch, Job, Outcome
from experiments.batches.failure_policy import CHANCE_ROUNDS
from tests.experiments.batches.scripted import (
    API_TOKEN,
    SOON,
    Gate,
    QuickClock,
    asked,
    by_key,
    calls_of,
    ended,
    first,
    job_of,
    jobs_of,
    outcome_of,
    until,
)
from tests.wire_server import Answer, Ending, Failure, WireServer
from workers_ai import Client, Cloudflare, InvalidImageError, PromptRequest, Usage


def threads() -> int:
    return sum(thread.name == "batch" for thread in threading.enumerate())


# Answers


@pytest.mark.parametrize("stream", [None, False, True])
@pytest.mark.parametrize("concurrency", [1, 3, LARGEST_CONCURRENCY])
def test_each_job_has_its_own_answer_in_whatever_order_they_end(
    server: WireServer, client: Client, concurrency: int, *, stream: bool | None
) -> None:
    jobs = jobs_of(20, stream=stream)
    late = {job.key: Answer.json(f"You said {job.key}").after(0.03) for job in jobs[::3]}
    server.script(by_key(late))
    batch = Batch(client, jobs, concurrency=concurrency).start()

    outcomes = ended(batch)
    assert [each.key for each in outcomes] == [job.key for job in jobs]
    assert [each.text for each in outcomes] == [f"You said {job.key}" for job in jobs]
    assert {(each.state, each.finish, each.attempts) for each in outcomes} == {("done", "done", 1)}
    assert sorted(map(asked, server.requests)) == sorted(job.key for job in jobs)


def test_a_request_is_sent_as_it_is_and_its_answer_kept_whole(
    server: WireServer, client: Client
) -> None:
    call = {"name": "add", "arguments": {"a": 1}}
    server.script(by_key({"whole": Answer.json("Hi", tool_calls=[call], tokens=2)}))
    ended(batch := Batch(client, [job_of("whole"), job_of("parts", stream=True)]).start())

    whole, parts = batch.snapshot().outcomes
    assert (whole.tool_calls[0].name, whole.tool_calls[0].arguments) == ("add", {"a": 1})
    assert whole.usage == Usage(12, 2, 14)
    assert whole.first_text is None
    assert parts.first_text is not None
    assert 0 < parts.first_text <= parts.seconds
    streamed = {asked(request): request.json().get("stream") for request in server.requests}
    assert streamed == {"whole": None, "parts": True}


def test_the_first_text_is_timed_from_sending(server: WireServer, client: Client) -> None:
    server.script(Answer.stream(["a", "b"]).after(0.05))
    [outcome] = ended(Batch(client, jobs_of(1, stream=True)).start())

    assert outcome.first_text is not None
    assert 0.04 < outcome.first_text < 1


@pytest.mark.parametrize("concurrency", [1, 4])
def test_no_more_run_in_parallel_than_allowed(
    server: WireServer, client: Client, concurrency: int
) -> None:
    gate = Gate()
    server.script(gate.answer)
    batch = Batch(client, jobs_of(12), concurrency=concurrency).start()
    assert until(lambda: gate.waiting == concurrency)
    time.sleep(0.03)
    assert threads() == concurrency
    assert batch.snapshot().counts == {
        "waiting": 12 - concurrency,
        "running": concurrency,
        "done": 0,
        "failed": 0,
        "stopped": 0,
    }
    gate.open()
    ended(batch)

    assert gate.most == concurrency
    assert threads() == 0


def test_concurrency_can_be_changed_while_running(server: WireServer, client: Client) -> None:
    gate, other = Gate(), Gate()
    server.script(gate.answer)
    batch = Batch(client, jobs_of(30), concurrency=2).start()
    assert until(lambda: gate.waiting == 2)
    batch.set_concurrency(5)
    assert until(lambda: gate.waiting == 5)
    server.script(other.answer)
    batch.set_concurrency(1)
    gate.open()
    assert until(lambda: gate.waiting == 0 and other.waiting == 1)
    assert until(lambda: threads() == 1)
    assert batch.snapshot().pace.concurrency == 1
    other.open()

    assert {each.state for each in ended(batch)} == {"done"}
    assert (gate.most, other.most) == (5, 1)


def test_nothing_begins_before_the_start(server: WireServer, client: Client) -> None:
    batch = Batch(client, jobs_of(3))

    assert batch.wait(0)
    assert (batch.snapshot().state, batch.snapshot().seconds_left) == ("ready", None)
    assert server.requests == []
    assert threads() == 0


def test_a_batch_without_jobs_is_done(client: Client) -> None:
    batch = Batch(client, []).start()

    assert batch.wait(SOON)
    assert (batch.snapshot().state, batch.snapshot().seconds_left) == ("done", 0.0)


def test_a_start_while_it_runs_changes_nothing(server: WireServer, client: Client) -> None:
    gate = Gate()
    server.script(gate.answer)
    batch = Batch(client, jobs_of(6), concurrency=2).start()
    for _ in range(5):
        batch.start()
    assert until(lambda: gate.waiting == 2)
    gate.open()

    assert {each.attempts for each in ended(batch)} == {1}
    assert gate.most == 2


def test_a_snapshot_stays_as_it_was_and_the_version_grows(
    server: WireServer, client: Client
) -> None:
    gate = Gate()
    server.script(gate.answer)
    batch = Batch(client, jobs_of(2), concurrency=1).start()
    assert until(lambda: gate.waiting == 1)
    early = batch.snapshot()
    assert batch.snapshot().outcomes is early.outcomes
    gate.open()
    ended(batch)
    late = batch.snapshot()

    assert [each.state for each in early.outcomes] == ["running", "waiting"]
    assert (early.state, late.state) == ("running", "done")
    assert late.version > early.version
    assert batch.snapshot() == late


def test_the_time_left_is_guessed_from_what_calls_took(server: WireServer, client: Client) -> None:
    known = [Outcome(str(number), "done", seconds=8.0) for number in range(4)]
    guess = Batch(client, jobs_of(12), concurrency=2, known=known).snapshot().seconds_left
    slow = Batch(client, jobs_of(12), concurrency=2, known=known, per_minute=1).snapshot()

    assert guess == pytest.approx(8 / 2 * 8.0)
    assert slow.seconds_left == pytest.approx(8 * 60)


# Cost


def test_requests_are_made_late_and_not_kept(server: WireServer, client: Client) -> None:
    made: list[weakref.ref[PromptRequest]] = []

    def make(number: int) -> PromptRequest:
        request = PromptRequest(prompt=str(number))
        made.append(weakref.ref(request))
        return request

    gate = Gate()
    server.script(by_key({"1": Failure.status(code=5006)}, gate.answer))
    jobs = [Job(str(number), partial(make, number)) for number in range(9)]
    batch = Batch(client, jobs, concurrency=3).start()
    assert until(lambda: gate.waiting == 3)
    assert len(made) == 4
    gate.open()
    ended(batch)
    gc.collect()

    assert len(made) == 9
    assert [request() for request in made] == [None] * 9


def test_ten_thousand_jobs_cost_little(client: Client) -> None:
    jobs = jobs_of(10_000)
    tracemalloc.start()
    batch = Batch(client, jobs)
    snapshot = batch.snapshot()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert snapshot.counts["waiting"] == 10_000
    assert size < 6_000_000


# Failures


def raises(error: BaseException) -> Job:
    def make() -> PromptRequest:
        raise error

    return Job(type(error).__name__, make)


def test_a_request_that_cannot_be_made_fails_its_job_alone(
    server: WireServer, client: Client
) -> None:
    def bad_value() -> PromptRequest:
        return PromptRequest(prompt="x", temperature=7)

    with pytest.raises(ValidationError):
        bad_value()
    jobs = [
        raises(FileNotFoundError(2, "No such file or directory", "/folder/of/mine.png")),
        raises(OSError("cannot identify '/folder/of/mine.png'")),
        raises(KeyError()),
        raises(InvalidImageError("This is no picture.")),
        Job("bad value", bad_value),
        Job("nothing", lambda: None),  # type: ignore[arg-type, return-value]
        job_of("fine"),
    ]
    ended(batch := Batch(client, jobs, concurrency=1).start())

    *failed, fine = batch.snapshot().outcomes
    assert fine.state == "done"
    assert {each.state for each in failed} == {"failed"}
    said = {each.key: str(each.error) for each in failed}
    not_made = "The request could not be built: "
    assert said["FileNotFoundError"] == f"{not_made}No such file or directory."
    assert said["OSError"] == f"{not_made}a file could not be read."
    assert said["KeyError"] == f"{not_made}KeyError."
    assert said["InvalidImageError"] == "This is no picture."
    assert said["bad value"].startswith("temperature: ")
    assert said["nothing"].endswith("neither a ChatRequest nor a PromptRequest.")
    assert len(server.requests) == 1
    assert [each.attempts for each in failed] == [0] * len(failed)


@pytest.mark.filterwarnings("ignore:Exception in thread batch")  # expected here
def test_a_dying_thread_fails_only_its_own_job(server: WireServer, client: Client) -> None:
    batch = Batch(client, [raises(SystemExit()), *jobs_of(3)], concurrency=1).start()

    dead, *others = ended(batch)
    assert (dead.state, {each.state for each in others}) == ("failed", {"done"})
    assert "bug in this program" in str(dead.error)


def test_an_error_of_its_own_fails_a_job_after_one_call(server: WireServer, client: Client) -> None:
    server.script(by_key({"1": Failure.status(code=5006), "2": Failure.status(code=5021)}))
    ended(batch := Batch(client, jobs_of(4)).start())

    snapshot = batch.snapshot()
    assert [each.state for each in snapshot.outcomes] == ["done", "failed", "failed", "done"]
    assert (snapshot.state, snapshot.problem) == ("done", None)
    error = outcome_of(batch, "1").error
    assert error is not None
    assert (error.name, error.status_code, error.code) == ("APIStatusError", 400, 5006)
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "failure",
    [Failure.html(500), Failure.html(503), Answer.bare(Ending.RESET), Answer.bare(Ending.CLOSE)],
)
def test_what_may_go_better_is_tried_again(
    server: WireServer, client: Client, failure: Answer
) -> None:
    server.script(first(2, failure))
    outcomes = ended(Batch(client, jobs_of(3), concurrency=2, clock=QuickClock()).start())

    assert [each.text for each in outcomes] == [f"You said {number}" for number in range(3)]
    assert sum(each.attempts for each in outcomes) == len(server.requests) == 5


@pytest.mark.parametrize("failure", [Failure.html(500), Answer.bare(Ending.RESET)])
def test_what_does_not_go_better_fails_after_a_few_calls(
    server: WireServer, client: Client, failure: Answer
) -> None:
    server.script(by_key({"0": failure}))
    outcomes = ended(Batch(client, jobs_of(3), concurrency=2, clock=QuickClock()).start())

    assert [each.state for each in outcomes] == ["failed", "done", "done"]
    assert outcomes[0].attempts == calls_of(server, "0") == 1 + CHANCE_ROUNDS


@pytest.mark.parametrize(
    "broken",
    [
        Answer.stream(["Half"]).broken(1, "reset"),
        Answer.stream(["Half"]).torn(1),
        Answer.events({"response": "Half"}, {"errors": [{"code": 3040, "message": "Full"}]}),
    ],
)
def test_a_call_that_breaks_after_text_is_kept_and_not_made_again(
    server: WireServer, client: Client, broken: Answer
) -> None:
    server.script(by_key({"0": broken}))
    outcomes = ended(
        Batch(client, jobs_of(2, stream=True), concurrency=1, clock=QuickClock()).start()
    )

    assert [each.state for each in outcomes] == ["failed", "done"]
    assert (outcomes[0].text, outcomes[0].attempts) == ("Half", 1)
    assert outcomes[0].first_text is not None
    assert calls_of(server, "0") == 1


def test_automatic_retries_of_the_client_are_counted(server: WireServer) -> None:
    server.script(first(2, Failure.status(code=3021, retry_after=0)))
    backend = Cloudflare("0" * 32, API_TOKEN, base_url=server.base_url)
    with Client(backend, max_retries=2) as client:
        [outcome] = ended(Batch(client, jobs_of(1)).start())

    assert (outcome.state, outcome.attempts) == ("done", 3)


def test_a_damaged_stream_is_done_and_says_so(server: WireServer, client: Client) -> None:
    damaged = Answer.events({"response": "a"}, b"data: {oops\n\n", {"response": "b"})
    cut = Answer.stream(["a", "b"], done=False)
    server.script(by_key({"0": damaged, "1": cut}))
    damaged_one, cut_one, whole = ended(Batch(client, jobs_of(3, stream=True)).start())

    assert (damaged_one.text, damaged_one.damaged, damaged_one.finish) == ("ab", 1, "done")
    assert (cut_one.text, cut_one.damaged, cut_one.finish) == ("ab", 0, "ended_early")
    assert whole.damaged == 0


def test_only_what_failed_is_tried_again(server: WireServer, client: Client) -> None:
    refusal = Failure.status(code=5006)
    server.script(by_key({"1": refusal, "3": refusal, "4": refusal}))
    ended(batch := Batch(client, jobs_of(5)).start())
    server.script(by_key({"4": refusal}))
    server.clear()
    batch.retry_failed(["3", "0"])
    ended(batch)
    assert [asked(request) for request in server.requests] == ["3"]
    assert outcome_of(batch, "3").attempts == 2
    server.clear()
    batch.retry_failed()
    ended(batch)

    assert sorted(map(asked, server.requests)) == ["1", "4"]
    assert [each.state for each in batch.snapshot().outcomes] == [*["done"] * 4, "failed"]
    assert outcome_of(batch, "4").attempts == 2
    with pytest.raises(ValueError, match='No job in this batch has the key "9"'):
        batch.retry_failed(["9"])


def test_what_failed_waits_for_the_start_where_a_batch_does_not_run(
    server: WireServer, client: Client
) -> None:
    known = [Outcome("0", "failed"), Outcome("1", "done")]
    batch = Batch(client, jobs_of(2), known=known)
    assert batch.snapshot().state == "done"
    batch.retry_failed()
    assert batch.snapshot().state == "ready"
    assert server.requests == []
    ended(batch.start())

    assert [asked(request) for request in server.requests] == ["0"]


# Arguments


@pytest.mark.parametrize("concurrency", [0, -1, LARGEST_CONCURRENCY + 1, 1.0, True, "4", None])
def test_a_wrong_concurrency_is_refused(client: Client, concurrency: object) -> None:
    sentence = f"must be a whole number from 1 to {LARGEST_CONCURRENCY}"
    with pytest.raises(ValueError, match=sentence):
        Batch(client, [], concurrency=concurrency)  # type: ignore[arg-type]
    batch = Batch(client, [])
    with pytest.raises(ValueError, match=sentence):
        batch.set_concurrency(concurrency)  # type: ignore[arg-type]
    assert batch.snapshot().pace.concurrency == 4


@pytest.mark.parametrize("per_minute", [0, -1, 0.5, True, "4"])
def test_a_wrong_number_a_minute_is_refused(client: Client, per_minute: object) -> None:
    with pytest.raises(ValueError, match="whole number of at least 1, or None"):
        Batch(client, [], per_minute=per_minute)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="whole number of at least 1, or None"):
        Batch(client, []).set_per_minute(per_minute)  # type: ignore[arg-type]


def test_other_wrong_arguments_are_refused(client: Client) -> None:
    with pytest.raises(ValueError, match='Two jobs have the key "1"'):
        Batch(client, [*jobs_of(2), job_of("1")])
    with pytest.raises(ValueError, match="is not a job"):
        Batch(client, ["1"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="is not an outcome"):
        Batch(client, jobs_of(1), known=["1"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="`on_outcome` must be a function"):
        Batch(client, [], on_outcome="save")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="its key must be a non-empty string"):
        Job("", lambda: PromptRequest(prompt="1"))
    with pytest.raises(ValueError, match="needs a function"):
        Job("1", PromptRequest(prompt="1"))  # type: ignore[arg-type]
