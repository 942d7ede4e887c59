"""Runs are stored with pictures and outcomes, continue in another process, and are erased."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conversations import Conversations, PicturePlan, Run, Settings
from conversations.store.store import Store
from experiments import Outcome, SerializedError
from tests.conversations.builders import GEMMA, GRAY, RED
from tests.wire_server import Answer, WireServer
from workers_ai import Client, Cloudflare, Parameters, ToolCall, ToolSupport, Usage

SUPPORT = ToolSupport(takes_tools=True, result_role="user", streams=True)
PLAN = PicturePlan(
    ("What is it, {{name}}?", "How many?"),
    GEMMA,
    Settings(parameters=Parameters(temperature=0.5), variables={"name": "Ada"}, form="prompt"),
    concurrency=2,
    per_minute=90,
)
OUTCOME = Outcome(
    "0-1",
    "failed",
    "part \ud800\0an answer",
    (ToolCall("look", {"at": None}, "call_1"),),
    Usage(1, 2, 3, 0.5),
    "error",
    1.5,
    0.25,
    SerializedError("RateLimitError", "Busy.", 429, 3040, 7.5),
    3,
    1,
)


def run(*pictures: Any, owner: str = "ada") -> Run[PicturePlan]:
    return Run(PLAN, owner, pictures or (RED, GRAY))


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


@pytest.fixture
def client(server: WireServer) -> Iterator[Client]:
    backend = Cloudflare("0" * 32, "token", base_url=server.base_url)
    with Client(backend, max_retries=0) as opened:
        yield opened


def test_a_run_comes_back_as_it_was(store: Store) -> None:
    given = run(RED, GRAY, RED)
    store.add_run(given)
    store.keep_outcome(given.id, Outcome("0-0", "running"))
    store.keep_outcome(given.id, OUTCOME)

    found = store.load_run("ada", given.id)
    assert found is not None
    assert found.plan == PLAN
    assert found.pictures == given.pictures
    assert [each.data for each in found.pictures] == [RED.data, GRAY.data, RED.data]
    kept = found.outcomes["0-1"]
    assert kept.text == "part \ufffd\0an answer"
    assert (kept.tool_calls, kept.usage, kept.error) == (
        OUTCOME.tool_calls,
        OUTCOME.usage,
        OUTCOME.error,
    )
    assert found.outcomes["0-0"].state == "running"


def test_the_newest_outcome_of_a_call_counts(store: Store) -> None:
    given = run()
    store.add_run(given)
    store.keep_outcome(given.id, OUTCOME)
    store.keep_outcome(given.id, Outcome("0-1", "done", "Good."))

    found = store.load_run("ada", given.id)
    assert found is not None
    assert found.outcomes["0-1"].text == "Good."


def test_a_run_is_its_owners_alone(store: Store) -> None:
    given = run()
    store.add_run(given)

    assert store.load_run("bob", given.id) is None
    assert store.list_runs("bob", "pictures", 9) == []
    store.erase_run("bob", given.id)
    assert [each.id for each in store.list_runs("ada", "pictures", 9)] == [given.id]


def test_an_erased_run_leaves_nothing_and_removes_nothing_from_others(store: Store) -> None:
    first, second = run(RED), run(RED, GRAY)
    store.add_run(first)
    store.add_run(second)
    store.keep_outcome(second.id, OUTCOME)
    store.erase_run("ada", second.id)
    store.keep_outcome(second.id, OUTCOME)

    found = store.load_run("ada", first.id)
    assert found is not None
    assert found.pictures[0].data == RED.data
    assert store._image_bytes(GRAY.sha256, "data") is None
    assert store.load_run("ada", second.id) is None


def test_erasing_all_of_somebody_erases_the_runs(store: Store) -> None:
    mine, theirs = run(), run(owner="bob")
    store.add_run(mine)
    store.add_run(theirs)
    store.erase_all("ada")

    assert store.load_run("ada", mine.id) is None
    assert store.load_run("bob", theirs.id) is not None


def test_each_call_asks_its_question_about_its_picture() -> None:
    given = run()
    jobs = list(given.jobs(SUPPORT))
    body = jobs[3].request().body()

    assert [job.key for job in jobs] == ["0-0", "0-1", "1-0", "1-1"]
    [message] = body["messages"]
    assert message["content"][0]["image_url"]["url"] == GRAY.image.data_uri
    assert message["content"][1]["text"] == "How many?"
    assert body["temperature"] == 0.5
    assert jobs[0].request().body()["messages"][0]["content"][1]["text"] == "What is it, Ada?"


def test_a_run_continues_in_another_process(
    database_url: str,
    open_conversations: Callable[[str], Conversations],
    server: WireServer,
    client: Client,
) -> None:
    here, there = open_conversations(database_url), open_conversations(database_url)
    server.script(*[Answer.json(f"Answer {at}.") for at in range(4)])
    given = run()
    given.outcomes["0-0"] = Outcome("0-0", "done", "Known.")
    here.runs._store().add_run(given)
    here.runs._keep(given.id, given.outcomes["0-0"])

    found = there.runs.find(given.id, "ada")
    assert found is not None
    assert there.runs.resume(found, client).wait(10)
    again = here.runs.find(given.id, "ada")
    assert again is not None
    assert again.outcomes["0-0"].text == "Known."
    assert [again.outcome(key).state for key in again.keys] == ["done"] * 4
    assert len(server.requests) == 3


def test_a_run_that_is_erased_at_work_is_stopped(
    conversations: Conversations, server: WireServer, client: Client
) -> None:
    server.script(*[Answer.words(200, 50)] * 4)
    given = run()
    batch = conversations.runs.begin(given, client)
    assert server.until(lambda server: len(server.requests) >= 2)
    conversations.runs.erase(given)

    assert batch.snapshot().state == "stopped"
    assert conversations.runs.find(given.id, "ada") is None


def test_another_client_resumes_where_the_first_stopped(
    conversations: Conversations, server: WireServer, client: Client
) -> None:
    server.script(Answer.json("One."), Answer.json("Two."))
    given = Run(PicturePlan(("What?",), GEMMA, concurrency=1), "ada", (RED, GRAY))
    batch = conversations.runs.begin(given, client)
    assert batch.wait(10)
    with Client(Cloudflare("1" * 32, "token", base_url=server.base_url), max_retries=0) as other:
        again = conversations.runs.resume(given, other)
        assert again is not batch
        assert again.snapshot().state == "done"
    assert len(server.requests) == 2
