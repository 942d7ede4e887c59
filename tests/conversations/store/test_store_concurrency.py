"""Many threads and processes write at the same time: nothing is lost or duplicated."""

import json
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from conversations import BusyError, Conversation, Conversations, Question, StoreError
from conversations.store.clock import now
from conversations.store.conversation_rows import insert_conversation
from conversations.store.message_rows import insert_nodes
from conversations.store.store import Store
from tests.conversations.processes import hear, started
from tests.conversations.talk import Script, ask, picture, turn, wait_until

WRITERS = 8
SAID = 10


def together(*tasks: Callable[[], object]) -> list[object]:
    """Run all functions at the same moment, each in a thread; raise what any of them raises."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        start.wait(10)
        return task()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


def write(conversations: Conversations, given: Conversation, name: str, count: int) -> None:
    for number in range(count):
        conversations.put(given, Question(f"{name} {number}", (picture(),), given.leaf))


def opened(conversations: Conversations, conversation_id: str) -> Conversation:
    found = conversations.open(conversation_id, "ada")
    assert found is not None
    return found


def texts(given: Conversation) -> list[str]:
    return [node.text for node in given.nodes.values()]


def expected(*names: int | str, count: int = SAID) -> list[str]:
    return sorted(f"{name} {number}" for name in names for number in range(count))


def test_eight_threads_write_chats_of_their_own(
    conversations: Conversations,
    database_url: str,
    open_conversations: Callable[[str], Conversations],
) -> None:
    given = [conversations.new(f"owner {number}") for number in range(WRITERS)]

    together(
        *(
            lambda number=number, each=each: write(conversations, each, str(number), SAID)
            for number, each in enumerate(given)
        )
    )

    fresh = open_conversations(database_url)
    for number, each in enumerate(given):
        found = fresh.open(each.id, each.owner)
        assert found is not None
        assert [node.text for node in found.path()] == [f"{number} {said}" for said in range(SAID)]
        assert found.nodes.keys() == each.nodes.keys()


def test_eight_threads_write_into_one_chat_each_with_a_view_of_its_own(
    conversations: Conversations,
) -> None:
    first = conversations.new("ada")
    conversations.put(first, Question("0 first"))
    views = [opened(conversations, first.id) for _ in range(WRITERS)]

    together(
        *(
            lambda number=number, each=each: write(conversations, each, str(number), SAID)
            for number, each in enumerate(views)
        )
    )

    found = opened(conversations, first.id)
    assert sorted(texts(found)) == sorted([*expected(*range(WRITERS)), "0 first"])
    assert found.version == first.version + WRITERS * SAID
    for each in views:
        if conversations.has_changed(each):
            conversations.refresh(each)
        assert each.nodes.keys() == found.nodes.keys()
        assert each.leaf == found.leaf


def test_only_one_of_eight_simultaneous_questions_in_a_chat_is_answered(
    conversations: Conversations,
) -> None:
    first, script = conversations.new("ada"), Script()
    conversations.put(first, Question("Well?"))
    views = [opened(conversations, first.id) for _ in range(WRITERS)]

    def asked(view: Conversation) -> bool:
        try:
            ask(conversations, view, "Me first", backend=script)
        except BusyError:
            return False
        return True

    accepted = together(*(lambda view=view: asked(view) for view in views))
    script.end()

    assert accepted.count(True) == 1
    assert texts(opened(conversations, first.id)) == ["Well?", "Me first", ""]


def test_readers_are_not_kept_waiting_by_a_writer(
    store: Store, database_url: str, open_store: Callable[[str], Store]
) -> None:
    given = Conversation(owner="ada")
    store.add(given, turn("a", "b"), "")
    other = open_store(database_url)

    with store._writing() as connection:
        connection.exec_driver_sql("UPDATE conversation SET title = 'Not committed'")
        found = other.load(given.id)

    assert found is not None
    assert found.title == ""


def test_the_same_picture_can_be_sent_and_erased_simultaneously(
    database_url: str, open_store: Callable[[str], Store]
) -> None:
    stores = [open_store(database_url) for _ in range(4)]
    kept: list[Conversation] = []

    def send(store: Store, name: str) -> None:
        for number in range(15):
            given = Conversation(owner="keeper" if number % 3 == 0 else name)
            asked = Question("Look", (picture(20), picture(21)))
            store.add(given, [asked], asked.id)
            if given.owner == "keeper":
                kept.append(given)
            else:
                store.erase_all(name)

    together(*(lambda store=store, n=n: send(store, f"o{n}") for n, store in enumerate(stores)))

    assert len(kept) == 4 * 5
    for given in kept:
        found = stores[0].load(given.id)
        assert found is not None
        [node] = found.nodes.values()
        assert [each.data for each in getattr(node, "pictures")] == [  # noqa: B009
            picture(20).data,
            picture(21).data,
        ]
    stores[0].erase_all("keeper")
    with pytest.raises(StoreError, match="picture"):
        stores[1]._images.data(picture(20).sha256)


def test_a_picture_that_is_just_being_sent_is_not_erased_under_its_sender(store: Store) -> None:
    asked = Question("Look", (picture(),))
    store.add(Conversation(owner="ada"), [asked], asked.id)
    given = Conversation(owner="bob")

    with ThreadPoolExecutor(1) as threads:
        with store._writing() as connection:
            insert_conversation(connection, given)
            insert_nodes(connection, given.id, [asked], now(connection))
            erased = threads.submit(store.erase_all, "ada")
            time.sleep(0.3)
            assert not erased.done()
        assert erased.result(10) == 1

    found = store.load(given.id)
    assert found is not None
    [kept] = getattr(found.nodes[asked.id], "pictures")  # noqa: B009
    assert kept.data == picture().data


def test_pictures_in_whatever_order_keep_nobody_waiting_for_ever(
    database_url: str, open_store: Callable[[str], Store]
) -> None:
    store = open_store(database_url)
    pictures = [picture(width) for width in range(20, 26)]

    def send(number: int) -> None:
        for turned in range(10):
            order = pictures[turned % 6 :] + pictures[: turned % 6]
            given = Conversation(owner="ada")
            asked = Question("Look", tuple(order if number % 2 else reversed(order)))
            store.add(given, [asked], asked.id)

    together(*(lambda number=number: send(number) for number in range(WRITERS)))

    assert store.count("ada") == WRITERS * 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
def test_eight_processes_create_a_database_and_write_simultaneously(
    database_url: str, open_conversations: Callable[[str], Conversations]
) -> None:
    with started("concurrent_writer.py", database_url, str(WRITERS), str(SAID)) as writers:
        *own, shared = json.loads(hear(writers))
        assert writers.wait(60) == 0
    conversations = open_conversations(database_url)

    for number, each in enumerate(own):
        assert sorted(texts(opened(conversations, each))) == both_sides(number)
    assert sorted(texts(opened(conversations, shared))) == sorted(
        ["first", *both_sides(*range(WRITERS))]
    )
    assert conversations.count("ada") == WRITERS + 1


def both_sides(*names: int) -> list[str]:
    said = expected(*names)
    return sorted([*said, *(f"answer to {each}" for each in said)])


def test_a_database_can_be_begun_by_several_at_the_same_moment(
    database_url: str, open_conversations: Callable[[str], Conversations]
) -> None:
    found: list[tuple[str, str]] = []

    def opened_at_once() -> None:
        conversations = open_conversations(database_url)
        found.append((conversations.problem, conversations.notice))

    together(*[opened_at_once] * 4)

    assert found == [("", "")] * 4


def test_an_answer_grows_while_others_write(conversations: Conversations) -> None:
    script = Script()
    given = conversations.new("ada")
    answer = ask(conversations, given, "Go on", backend=script)

    def talk() -> None:
        for number in range(20):
            script.say(f"{number} ")
        script.end()

    others = [conversations.new("bob") for _ in range(4)]
    together(talk, *(lambda each=each: write(conversations, each, "x", 10) for each in others))

    wait_until(lambda: opened(conversations, given.id).running is None)
    assert answer.text == "".join(f"{number} " for number in range(20))
    found = opened(conversations, given.id).turns[-1].answer
    assert found is not None
    assert found.text == answer.text
