"""An answer reaches the store within a second, whichever process writes or watches it."""

import json
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import cast

import pytest

from conversations import Answer, Conversation, Conversations, Settings, StoreError
from conversations.answer_record import Record
from conversations.answer_writer import WRITE_INTERVAL, RemoteAnswer, Writer
from conversations.store.store import Store
from conversations.store.store_errors import FULL
from tests.conversations.processes import hear, started
from tests.conversations.talk import LONG, MODEL, Script, ask, picture, wait_until
from workers_ai import ChatRequest, Client, Reply

Opened = Callable[[str], Conversation]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> float:
    """Make writers write more often than once a second."""
    monkeypatch.setattr("conversations.answer_writer.WRITE_INTERVAL", 0.05)
    return 0.05


@pytest.fixture
def elsewhere(database_url: str, open_conversations: Callable[[str], Conversations]) -> Opened:
    """Open a conversation as another process would see it."""
    other = open_conversations(database_url)

    def opened(conversation_id: str) -> Conversation:
        found = other.open(conversation_id, "ada")
        assert found is not None
        return found

    return opened


def last(given: Conversation) -> Answer:
    answer = given.turns[-1].answer
    assert answer is not None
    return answer


def has_begun(elsewhere: Opened, conversation_id: str, text: str) -> bool:
    return last(elsewhere(conversation_id)).text.startswith(text)


# What is written, and when


def test_an_answer_is_written_every_second() -> None:
    assert WRITE_INTERVAL == 1.0


def test_a_question_is_in_the_store_before_the_answer_begins(
    conversations: Conversations, elsewhere: Opened
) -> None:
    given, script = conversations.new("ada"), Script()

    ask(conversations, given, "Anybody there?", picture(), backend=script)

    found = elsewhere(given.id)
    [turn] = found.turns
    assert turn.question is not None
    assert turn.question.text == "Anybody there?"
    assert [each.data for each in turn.question.pictures] == [picture().data]
    assert last(found).text == ""
    assert found.running is last(found)
    script.end()


def test_an_answer_appears_in_the_store_as_it_grows(
    conversations: Conversations, elsewhere: Opened, quick: float
) -> None:
    given, script = conversations.new("ada"), Script()
    answer = ask(conversations, given, "Count", backend=script)

    for piece, said in {
        "One": "One",
        ", two": "One, two",
        ", \ud83d": "One, two",
        "\ude00, three": "One, two, 😀, three",
    }.items():
        script.say(piece)
        wait_until(partial(has_begun, elsewhere, given.id, said))
        assert elsewhere(given.id).running is not None
    script.say(", and the end.")
    script.end()
    wait_until(lambda: elsewhere(given.id).running is None)

    found = last(elsewhere(given.id))
    assert found.text == "One, two, 😀, three, and the end."
    assert found.snapshot().finish == answer.snapshot().finish == "done"
    assert found.record == answer.recorded()


def test_an_answer_that_breaks_off_is_kept_as_far_as_it_came_with_the_reason(
    conversations: Conversations, elsewhere: Opened
) -> None:
    given, script = conversations.new("ada"), Script()
    answer = ask(conversations, given, "Count", backend=script)
    script.say("One, tw")
    script.break_off()
    wait_until(lambda: elsewhere(given.id).running is None)

    found = last(elsewhere(given.id))

    assert found.text == "One, tw"
    assert found.snapshot().finish == answer.snapshot().finish
    assert found.snapshot().finish not in {None, "done"}
    assert str(found.snapshot().error) == str(answer.snapshot().error)


def test_an_answer_that_continues_another_is_written_whole(
    conversations: Conversations, elsewhere: Opened, quick: float
) -> None:
    given, script = conversations.new("ada"), Script()
    answer = ask(conversations, given, "Count", backend=script, begun="One, two")
    assert last(elsewhere(given.id)).text == "One, two"
    script.say(", three")
    wait_until(lambda: last(elsewhere(given.id)).text == "One, two, three")
    script.end()
    wait_until(lambda: elsewhere(given.id).running is None)

    found = last(elsewhere(given.id))
    assert (found.begun, found.snapshot().text) == ("One, two", ", three")
    assert answer.text == found.text


class Counting:
    """Collects what is written, and fails as often as the test requires."""

    def __init__(self, failures: int = 0, *, stop: bool = False) -> None:
        self.grown: list[tuple[float, str]] = []
        self.ended: list[str] = []
        self._failures = failures
        self._stop = stop

    def grow(self, _conversation_id: str, _message_id: str, text: str) -> bool:
        self.grown.append((time.monotonic(), text))
        self._fail()
        return self._stop

    def end(self, _conversation_id: str, answer: Answer) -> None:
        self._fail()
        self.ended.append(answer.text)

    def _fail(self) -> None:
        if self._failures:
            self._failures -= 1
            raise StoreError(FULL)


class Running:
    """A writer for an answer that a script produces."""

    def __init__(self, store: Counting) -> None:
        self.script = Script()
        message = {"role": "user", "content": "a"}
        request = ChatRequest.model_validate({"messages": [message], "stream": True})
        reply = Reply(Client(self.script, max_retries=0), request)
        self.answer = Answer(Record(MODEL, Settings()), reply)
        self._over = threading.Event()
        self._problem: str | None = None
        writer = Writer(lambda: cast("Store", store), "id", self.answer, reply, on_end=self._end)
        reply.start()
        writer.start()

    def problem(self) -> str:
        """Wait for the end, and return what went wrong."""
        assert self._over.wait(10)
        assert self._problem is not None
        return self._problem

    def _end(self, problem: str) -> None:
        assert self._problem is None
        self._problem = problem
        self._over.set()


def test_a_fast_answer_is_not_written_more_often_than_that(quick: float) -> None:
    store = Counting()
    running = Running(store)
    for _ in range(50):
        running.script.say("word ")
        time.sleep(quick / 10)
    running.script.end()

    assert running.problem() == ""
    times = [when for when, _ in store.grown]
    assert 2 <= len(times) <= 10
    assert min(b - a for a, b in pairwise(times)) > quick * 0.9
    assert store.ended == ["word " * 50]


def test_a_silent_answer_is_written_too_so_that_its_writer_is_known_to_live(quick: float) -> None:
    store = Counting()
    running = Running(store)
    wait_until(lambda: len(store.grown) >= 3)
    running.script.end()

    assert running.problem() == ""
    assert {text for _, text in store.grown} == {""}


def test_a_store_that_fails_for_a_moment_is_tried_again(quick: float) -> None:
    store = Counting(failures=3)
    running = Running(store)
    running.script.say("Kept")
    wait_until(lambda: len(store.grown) >= 4)
    running.script.end()

    assert running.problem() == ""
    assert store.ended == ["Kept"]


def test_the_end_is_tried_again(quick: float) -> None:
    store = Counting(failures=2)
    running = Running(store)
    running.script.say("Kept")
    running.script.end()

    assert running.problem() == ""
    assert store.ended == ["Kept"]


def test_an_end_that_cannot_be_written_is_reported(quick: float) -> None:
    store = Counting(failures=1000)
    running = Running(store)
    running.script.say("Lost")
    running.script.end()

    assert running.problem() == FULL
    assert store.ended == []


def test_a_writer_that_is_asked_to_stop_ends_its_answer(quick: float) -> None:
    running = Running(Counting(stop=True))
    running.script.say("As far as it came")
    running.script.say("")

    assert running.problem() == ""
    assert running.answer.snapshot().finish == "stopped"


def test_a_chat_says_why_its_answer_was_not_saved(
    sqlite_url: str, open_conversations: Callable[[str], Conversations], quick: float
) -> None:
    conversations = open_conversations(sqlite_url)
    given, script = conversations.new("ada"), Script()
    ask(conversations, given, "Count", backend=script)
    assert conversations._stores.kept is not None
    with conversations._stores.kept._writing() as connection:
        connection.exec_driver_sql("DROP TABLE attachment")
        connection.exec_driver_sql("DROP TABLE message")
    script.say("One")
    script.end()

    wait_until(lambda: given.problem)
    assert given.problem.startswith("The database reported an error")
    assert last(given).text == "One"


# Watching


def test_a_watcher_elsewhere_sees_the_answer_grow_to_its_end(
    conversations: Conversations, elsewhere: Opened, quick: float
) -> None:
    given, script = conversations.new("ada"), Script()
    ask(conversations, given, "Count", backend=script)
    watched = last(elsewhere(given.id))
    assert isinstance(watched.progress, RemoteAnswer)

    assert not watched.progress.wait(0, 0.2), "there was nothing new"
    script.say("One")
    assert watched.progress.wait(0, 5)
    assert watched.text == "One"
    version = watched.snapshot().version
    script.say(", two")
    script.end()
    while watched.running:
        assert watched.progress.wait(version, 5)
        version = watched.snapshot().version

    assert watched.text == "One, two"
    assert watched.snapshot().finish == "done"
    assert watched.progress.wait(version, 5), "what has ended makes nobody wait"


def test_a_watcher_can_stop_the_answer(
    conversations: Conversations, elsewhere: Opened, quick: float
) -> None:
    given, script = conversations.new("ada"), Script()
    answer = ask(conversations, given, "Count", backend=script)
    script.say("One")
    watched = last(elsewhere(given.id))

    watched.progress.stop()

    wait_until(lambda: not answer.running)
    assert answer.snapshot().finish == "stopped"
    wait_until(lambda: watched.progress.wait(99, 0.1))
    assert watched.text == "One"
    assert watched.snapshot().finish == "stopped"


def test_a_watcher_learns_that_the_writer_is_gone(
    store: Store, elsewhere: Opened, quick: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Conversation(owner="ada")
    growing = Answer(Record(MODEL, Settings()), Reply(Client(Script()), _nothing()))
    store.add(given, [growing], growing.id)
    store.grow(given.id, growing.id, "As far as")
    watched = last(elsewhere(given.id))
    assert watched.running

    monkeypatch.setattr("conversations.store.clock.WRITER_TIMEOUT", 0.0)
    assert watched.progress.wait(0, 5)

    assert watched.snapshot().finish == "error"
    assert watched.text == "As far as"


def test_a_watcher_does_not_hang_when_the_chat_is_erased(
    conversations: Conversations, elsewhere: Opened, quick: float
) -> None:
    given, script = conversations.new("ada"), Script()
    answer = ask(conversations, given, "Count", backend=script)
    watched = last(elsewhere(given.id))

    conversations.erase_all("ada")

    assert watched.progress.wait(0, 5)
    assert not watched.running
    wait_until(lambda: not answer.running)


def test_a_copy_of_what_was_watched_to_its_end_has_ended(
    conversations: Conversations, elsewhere: Opened, quick: float, database_url: str
) -> None:
    given, script = conversations.new("ada"), Script()
    ask(conversations, given, "Count", backend=script)
    seen = elsewhere(given.id)
    script.say("One")
    script.end()
    wait_until(lambda: last(seen).progress.wait(0, 1) and not last(seen).running)

    copied = conversations.copy(seen, "ada")

    assert last(copied).text == "One"
    assert last(elsewhere(copied.id)).snapshot().finish == "done"


def _nothing() -> ChatRequest:
    return ChatRequest.model_validate({"messages": [{"role": "user", "content": "a"}]})


# Other processes


def test_a_killed_server_loses_no_question_and_at_most_the_last_second_of_an_answer(
    database_url: str,
    open_conversations: Callable[[str], Conversations],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[float, str]] = []
    with started("slow_answer.py", database_url, "10") as server:
        conversation_id = json.loads(hear(server))
        while not seen or seen[-1][0] - seen[0][0] < 2.4:
            seen.append(json.loads(hear(server)))
        server.kill()
        server.wait(10)
    conversations = open_conversations(database_url)

    found = conversations.open(conversation_id, "ada")

    assert found is not None
    [turn] = found.turns
    assert turn.question is not None
    assert turn.question.text == LONG
    assert [each.data for each in turn.question.pictures] == [picture(300).data]
    kept, whole = last(found).text, seen[-1][1]
    assert whole.startswith(kept)
    assert kept.startswith(max((text for when, text in seen if when < seen[-1][0] - 1.8), key=len))
    assert kept

    monkeypatch.setattr("conversations.store.clock.WRITER_TIMEOUT", 0.0)
    found = conversations.open(conversation_id, "ada")
    assert found is not None
    assert last(found).text == kept
    assert last(found).snapshot().finish == "error"
    assert "stopped while this was written" in str(last(found).snapshot().error)
    assert ask(conversations, found, "Once more").parent in found.nodes


def test_what_one_process_writes_another_one_shows_and_can_stop(
    database_url: str, open_conversations: Callable[[str], Conversations]
) -> None:
    conversations = open_conversations(database_url)
    with started("slow_answer.py", database_url, "10") as server:
        conversation_id = json.loads(hear(server))
        found = conversations.open(conversation_id, "ada")
        assert found is not None
        watched = last(found)
        assert isinstance(watched.progress, RemoteAnswer)
        sizes, version = {len(watched.text)}, -1
        while len(sizes) < 2:
            watched.progress.wait(version, 1)
            version = watched.snapshot().version
            sizes.add(len(watched.text))
        assert watched.running

        watched.progress.stop()

        said = [json.loads(line) for line in server.stdout or ()]
        assert server.wait(10) == 0
    wait_until(lambda: watched.progress.wait(99, 0.1))
    assert watched.snapshot().finish == "stopped"
    assert watched.text == said[-1][1]
