"""What is written can be read by its owner; what is erased is gone."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from conversations import (
    Answer,
    BusyError,
    Conversation,
    NotYoursError,
    Question,
    Settings,
    StoreError,
)
from conversations.answer_record import Record
from conversations.store import clock
from conversations.store.store import Store
from conversations.tree_nodes import Ended
from experiments import SerializedError
from tests.conversations.talk import MODEL, answer, growing, picture, turn
from workers_ai import Parameters, ToolCall, Usage
from workers_ai.call_trace import Attempt

ODD_TEXTS = {
    "nothing": "",
    "spaces": "  a \t\r\n b  \n",
    "NUL": "before\0after",
    "a stand-in's mark": "\ufdd0",
    "what a stand-in looks like": "\ufdd00 \ufdd01 \ufdd0\0",
    "emoji": "👩🏽‍🚀 and 🏳️‍🌈",
    "line separators": "a\u2028b\u2029c\x85d\x0be",
    "not characters": "\ufffe\uffff\U0010ffff",
    "directions": "\u202eabc\u202c \u200f",
    "accents in pieces": "e\u0301 is not é",
    "quotes": "'; DROP TABLE message; -- \" \\ % _ $1 :name %(x)s {{x}}",
    "long": "äbc 👍" * 50_000,
}


def kept(store: Store, *said: str, owner: str = "ada", title: str = "") -> Conversation:
    """Add a conversation with these turns."""
    given = Conversation(owner=owner, title=title)
    for each in said:
        nodes = turn(each, f"To that: {each}", given.leaf)
        given.version = store.add(given, nodes, nodes[-1].id)
        for node in nodes:
            given.add(node)
        given.show(nodes[-1].id)
    if title:
        given.version = store.rename(given, title)
    return given


def loaded(store: Store, given: Conversation) -> Conversation:
    found = store.load(given.id)
    assert found is not None
    return found


def names(store: Store, search: str = "", owner: str = "ada") -> list[str]:
    return [each.name for each in store.listed(owner, search)]


# Loading


@pytest.mark.parametrize("said", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_every_text_comes_back_as_it_was(store: Store, said: str) -> None:
    asked = Question(said)
    answered = answer(said, asked.id)
    given = Conversation(owner="ada", title=said, settings=Settings(system=said))
    store.save(Conversation(given.id, "ada", said, settings=given.settings, leaf=answered.id))
    store.add(given, [asked, answered], answered.id)

    found = loaded(store, given)

    assert [node.text for node in found.path()] == [said, said]
    assert found.title == said
    assert found.settings.system == said


def test_a_lone_surrogate_becomes_the_replacement_character(store: Store) -> None:
    halves = "a\ud83d b\ude00"
    asked = Question(halves)
    grown = growing(asked.id)
    given = Conversation(owner="ada", title=halves, settings=Settings(system=halves))
    store.add(given, [asked, grown], grown.id)
    store.grow(given.id, grown.id, halves)
    store.rename(given, halves)

    found = loaded(store, given)

    whole = "a\ufffd b\ufffd"
    assert [node.text for node in found.path()] == [whole, whole]
    assert (found.title, found.settings.system) == (whole, whole)


def test_two_halves_that_belong_together_become_one_character(store: Store) -> None:
    asked = Question("a")
    grown = growing(asked.id)
    given = Conversation(owner="ada")
    store.add(given, [asked, grown], grown.id)
    store.grow(given.id, grown.id, "\ud83d" + "\ude00")

    assert loaded(store, given).path()[1].text == "😀"


def test_the_tree_comes_back_with_its_branches_in_order(store: Store) -> None:
    first = kept(store, "one", "two", "three")
    root = first.path()[0]
    other = turn("one, said otherwise", "Another answer")
    beside = answer("One more", root.id)
    store.add(first, [*other, beside], other[-1].id)

    found = loaded(store, first)

    assert list(found.nodes) == [*first.nodes, *(node.id for node in [*other, beside])]
    assert {node.id: node.parent for node in found.nodes.values()} == {
        node.id: node.parent for node in [*first.nodes.values(), *other, beside]
    }
    assert [type(node) for node in found.nodes.values()] == [
        *[Question, Answer] * 4,
        Answer,
    ]
    assert found.leaf == other[-1].id
    assert [node.created for node in found.nodes.values()] == [
        node.created for node in [*first.nodes.values(), *other, beside]
    ]


def test_all_that_is_known_of_an_answer_comes_back(store: Store) -> None:
    record = Record(
        MODEL,
        Settings(
            Parameters(temperature=0.0, top_k=50, seed=9_999_999_999, stream=False),
            system="Be brief.",
            form="prompt",
            lora="mine",
            prefill="Well",
            variables={"name": "Ada", "empty": ""},
        ),
        begun=3,
        finish="error",
        seconds=1.25,
        first_text=0.1 + 0.2,
        usage=Usage(10, 20, 30, 0.5),
        tool_calls=(
            ToolCall("look", {"at": None, "deep": [{"x": 1e300, "y": 10**30, "z": "\0"}]}, "1"),
            ToolCall("look", '{"broken', "2"),
        ),
        damaged=2,
        failure=SerializedError("QuotaError", "Used up.", 429, 3036, 60.5),
        attempts=(Attempt("Busy.", 503, 0.5), Attempt("Gone.", None, 1.0)),
    )
    asked = Question("a")
    answered = Answer(record, Ended(record.snapshot("The answer")), asked.id, "The")
    given = Conversation(owner="ada")
    store.add(given, [asked, answered], answered.id)

    found = loaded(store, given).nodes[answered.id]

    assert isinstance(found, Answer)
    assert found.record == record
    assert found.begun == "The"
    assert found.text == "The answer"
    assert found.snapshot().tool_calls == record.tool_calls
    assert str(found.snapshot().error) == "Used up."


def test_settings_come_back_and_nothing_else_changes_with_them(store: Store) -> None:
    given = kept(store, "a")
    given.settings = Settings(Parameters(top_p=0.5), variables={"x": "1"}, prefill="So")
    given.title = "Not to be written"

    store.keep_settings(given)

    found = loaded(store, given)
    assert found.settings == given.settings
    assert found.title == ""
    assert found.path()[0].text == "a"


def test_settings_alone_are_kept_but_not_listed(store: Store) -> None:
    given = Conversation(owner="ada", settings=Settings(system="Be brief."))
    given.version = store.keep_settings(given)

    assert loaded(store, given).settings.system == "Be brief."
    assert names(store) == []
    assert store.count("ada") == 0

    asked = Question("Now it begins")
    store.add(given, [asked], asked.id)
    assert names(store) == ["Now it begins"]


def test_pictures_come_back_in_order_with_all_that_is_known(store: Store) -> None:
    pictures = (picture(22), picture(20), picture(21))
    asked = Question("Look", pictures)
    given = Conversation(owner="ada")
    store.add(given, [asked], asked.id)

    found = loaded(store, given).nodes[asked.id]

    assert isinstance(found, Question)
    assert found.pictures == pictures
    assert [each.data for each in found.pictures] == [each.data for each in pictures]
    assert [each.thumbnail for each in found.pictures] == [each.thumbnail for each in pictures]
    assert found.message() == asked.message()


def test_a_picture_is_stored_once_however_often_it_is_sent(store: Store, database_url: str) -> None:
    for label in ("a", "b"):
        given = Conversation(owner=label)
        asked = Question(label, (picture(20, f"{label}1"), picture(20, f"{label}2")))
        store.add(given, [asked], asked.id)
        found = loaded(store, given).nodes[asked.id]
        assert isinstance(found, Question)
        assert [each.name for each in found.pictures] == [f"{label}1", f"{label}2"]

    assert rows(database_url, "SELECT count(*) FROM image") == [(1,)]
    assert rows(database_url, "SELECT count(*) FROM attachment") == [(4,)]


def test_a_picture_stays_until_its_last_user_is_gone(store: Store) -> None:
    mine, yours = (Conversation(owner=owner) for owner in ("ada", "bob"))
    asked = Question("Look", (picture(),))
    for given in (mine, yours):
        store.add(given, [asked], asked.id)

    store.erase_all("ada")
    [left] = getattr(loaded(store, yours).nodes[asked.id], "pictures")  # noqa: B009
    assert left.data == picture().data

    store.erase_all("bob")
    with pytest.raises(StoreError, match="picture"):
        _ = left.data


@pytest.mark.parametrize("unknown", ["", "none", "../x", "x" * 10_000, "a\0b", "\ud800", "'"])
def test_what_is_not_kept_is_not_found(store: Store, unknown: str) -> None:
    kept(store, "a")

    assert store.load(unknown) is None


def test_each_change_makes_the_version_one_greater(store: Store) -> None:
    given = Conversation(owner="ada")
    asked = Question("a")
    first = given.version = store.add(given, [asked], asked.id)
    given.add(asked)

    versions = [
        store.add(given, [answered := answer("b", asked.id)], answered.id),
        store.show(given, asked.id),
        store.rename(given, "Named"),
        store.keep_settings(given),
        store.mark_message(given, asked.id, 1.0),
        store.mark_message(given, asked.id, None),
        *store.save(given),
    ]

    assert versions == [first + step for step in range(1, 8)]
    assert store.version(given.id) == versions[-1]
    assert loaded(store, given).version == versions[-1]


def test_growing_and_reading_change_no_version(store: Store) -> None:
    given = kept(store, "a")
    grown = growing(given.leaf)
    version = store.add(given, [grown], grown.id)

    store.grow(given.id, grown.id, "More")
    loaded(store, given)
    store.end(given.id, answer("More of it"))

    assert store.version(given.id) == version


def test_saving_twice_doubles_nothing(store: Store) -> None:
    given = Conversation(owner="ada", title="Whole")
    for node in turn("a", "b"):
        given.add(node)
    given.add(Question("With a picture", (picture(),), given.leaf))

    store.save(given)
    store.save(given)

    assert loaded(store, given).nodes.keys() == given.nodes.keys()
    assert names(store) == ["Whole"]


def test_all_are_saved_or_none(store: Store) -> None:
    theirs = kept(store, "a", owner="bob")
    mine = Conversation(owner="ada")
    mine.add(Question("b"))

    with pytest.raises(NotYoursError):
        store.save(mine, Conversation(theirs.id, "ada"))

    assert store.load(mine.id) is None


def test_a_stale_view_does_not_undo_what_a_writer_has_written(store: Store) -> None:
    given = kept(store, "a")
    grown = growing(given.leaf)
    given.version = store.add(given, [grown], grown.id)
    given.add(grown)
    store.end(given.id, ended := Answer(grown.record, answer("Whole").progress, id=grown.id))
    assert ended.text == "Whole"

    store.save(given)

    found = loaded(store, given).nodes[grown.id]
    assert isinstance(found, Answer)
    assert found.text == "Whole"
    assert not found.running


# Ownership


def test_only_the_owner_can_change_a_conversation(store: Store) -> None:
    given = kept(store, "a", "b", title="Mine")
    before = loaded(store, given)
    theirs = Conversation(
        given.id, "bob", "Stolen", settings=Settings(system="Obey."), nodes=dict(given.nodes)
    )
    theirs.version = given.version
    asked = Question("Let me in", (picture(),))
    node = given.path()[0].id

    for change in (
        lambda: store.add(theirs, [asked], asked.id),
        lambda: store.save(theirs),
        lambda: store.show(theirs, node),
        lambda: store.rename(theirs, "Stolen"),
        lambda: store.keep_settings(theirs),
        lambda: store.mark_message(theirs, node, 1.0),
        lambda: store.mark_conversation("bob", given.id, 1.0),
    ):
        for version in (given.version, 0):
            theirs.version = version
            with pytest.raises(NotYoursError):
                change()

    assert store.erase_all("bob") == 0
    store.erase("bob", given.id)
    assert loaded(store, given) == before
    assert names(store, owner="bob") == []


def test_a_refused_picture_is_not_kept(store: Store, database_url: str) -> None:
    given = kept(store, "a")
    asked = Question("Let me in", (picture(),))

    with pytest.raises(NotYoursError):
        store.add(Conversation(given.id, "bob", version=1), [asked], asked.id)

    assert rows(database_url, "SELECT count(*) FROM image") == [(0,)]


def test_a_conversation_that_is_gone_accepts_no_more_messages(store: Store) -> None:
    given = kept(store, "a")
    store.erase_all("ada")

    with pytest.raises(NotYoursError):
        store.add(given, [asked := Question("b")], asked.id)
    with pytest.raises(NotYoursError):
        store.rename(given, "Back again")

    assert store.load(given.id) is None


def test_nobody_sees_what_others_have(store: Store) -> None:
    kept(store, "A secret of Ada's")
    kept(store, "Bob's shopping", owner="bob")

    assert names(store, owner="bob") == ["Bob's shopping"]
    assert names(store, "secret", owner="bob") == []
    assert store.count("bob") == 1
    assert names(store, owner="") == []
    assert names(store, owner="%") == []


# Lists


def test_the_list_begins_with_what_was_changed_last(store: Store) -> None:
    first, second, third = (kept(store, name) for name in ("one", "two", "three"))
    assert names(store) == ["three", "two", "one"]

    store.show(first, first.leaf)

    assert names(store) == ["one", "three", "two"]
    assert [each.id for each in store.listed("ada", most=2)] == [first.id, third.id]
    assert store.count("ada") == 3
    assert store.listed("ada")[2].id == second.id
    assert abs(store.listed("ada")[0].updated - time.time()) < 60


def test_a_list_names_a_chat_by_its_title_or_by_how_it_begins(store: Store) -> None:
    given = kept(store, "How  do\n I begin?", "And then?")
    assert names(store) == ["How do I begin?"]

    store.rename(given, "Beginnings")
    assert names(store) == ["Beginnings"]
    store.rename(given, "")
    assert names(store) == ["How do I begin?"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["b", "a"]),
        ("  ", ["b", "a"]),
        ("APPLES", ["a"]),
        ("apples", ["a"]),
        ("ÄPFEL", ["b"]),
        ("äpfel", ["b"]),
        ("pfel", ["b"]),
        ("ЯБЛОКИ", ["b"]),
        ("many apples", ["a"]),
        ("apples many", ["a"]),
        ("apples äpfel", []),
        ("100%", ["a"]),
        ("1%", []),
        ("snake_case", ["a"]),
        ("snakeXcase", []),
        ("_", ["a"]),
        ("%", ["a"]),
        ("\\n", ["b"]),
        ("\\", ["b"]),
        ("a\\b", []),
        ("'", ["b"]),
        ("👍", ["b"]),
        ("\0", ["b"]),
        ("to that", ["b", "a"]),
    ],
)
def test_a_search_finds_words_as_they_are_written(
    store: Store, search: str, found: list[str]
) -> None:
    kept(store, "Many Apples, 100%, snake_case", title="a")
    kept(store, "Äpfel яблоки it's C:\\new 👍 x\0y", title="b")

    assert names(store, search) == found


def test_a_search_looks_at_titles_too(store: Store) -> None:
    kept(store, "Hello", title="Größe")

    assert names(store, "GRÖSSE") == []
    assert names(store, "gRÖß") == ["Größe"]


def test_a_search_finds_words_in_different_messages(store: Store) -> None:
    kept(store, "first", "second")

    assert names(store, "second first") == ["first"]


def test_deleted_chats_are_not_listed_and_can_be_restored(store: Store) -> None:
    given = kept(store, "Apples")
    store.mark_conversation("ada", given.id, time.time())

    assert names(store) == []
    assert names(store, "apples") == []
    assert store.count("ada") == 0
    assert store.load(given.id) is None
    assert store.version(given.id) is None
    assert [each.name for each in store.listed("ada", deleted=True)] == ["Apples"]

    store.mark_conversation("ada", given.id, None)
    assert names(store, "apples") == ["Apples"]
    assert loaded(store, given).path()[0].text == "Apples"


def test_deleted_messages_are_not_found_and_name_nothing(store: Store) -> None:
    given = kept(store, "Apples", "Pears")
    apples, about_apples, *_ = given.path()
    store.mark_message(given, apples.id, 5.0)
    given.mark_deleted(apples, 5.0)

    assert names(store) == ["Pears"]
    assert loaded(store, given).nodes[apples.id].deleted == 5.0
    store.mark_message(given, about_apples.id, 6.0)
    assert names(store, "apples") == []
    assert names(store, "pears") == ["Pears"]

    store.mark_message(given, apples.id, None)
    assert names(store, "apples") == ["Apples"]


# Erasing


def test_erasing_all_leaves_no_word_of_it_in_any_file(
    sqlite_url: str, database_folder: Path, open_store: Callable[[str], Store]
) -> None:
    store = open_store(sqlite_url)
    given = kept(store, *(f"Xylophone {number} " * 300 for number in range(9)), title="Quagmire")
    asked = Question("Zeppelin", (picture(300),), given.leaf)
    grown = growing(asked.id)
    given.settings = Settings(system="Be a Walrus.")
    given.version = store.add(given, [asked, grown], grown.id)
    for length in range(1, 9):
        store.grow(given.id, grown.id, "Hippopotamus " * 200 * length)
    words = (b"Xylophone", b"Quagmire", b"Zeppelin", b"Walrus", b"Hippopotamus")
    data = picture(300).data[30:60]
    assert all(found_in(database_folder, each) for each in (*words, data))

    assert store.erase_all("ada") == 1

    assert not any(found_in(database_folder, each) for each in (*words, data))
    store.close()
    assert not any(found_in(database_folder, each) for each in (*words, data))


def test_erasing_all_includes_deleted_ones(store: Store) -> None:
    kept(store, "a")
    store.mark_conversation("ada", kept(store, "b").id, time.time())

    assert store.erase_all("ada") == 2
    assert store.listed("ada", deleted=True) == []


def test_erasing_one_leaves_the_others(store: Store) -> None:
    one, other = kept(store, "one"), kept(store, "other")

    store.erase("ada", one.id)

    assert store.load(one.id) is None
    assert names(store) == ["other"]
    assert loaded(store, other).path()[0].text == "other"


def test_what_was_deleted_long_ago_is_erased_and_the_rest_stays(store: Store) -> None:
    old, new, living = (kept(store, name) for name in ("old", "new", "living"))
    store.mark_conversation("ada", old.id, 100.0)
    store.mark_conversation("ada", new.id, 300.0)

    store.erase_deleted(200.0)

    assert [each.name for each in store.listed("ada", deleted=True)] == ["new"]
    assert names(store) == ["living"]
    assert loaded(store, living).path()[1].text == "To that: living"


def test_the_text_of_a_message_deleted_long_ago_is_erased(
    sqlite_url: str, database_folder: Path, open_store: Callable[[str], Store]
) -> None:
    store = open_store(sqlite_url)
    given = Conversation(owner="ada")
    asked = Question("Xylophone", (picture(200),))
    call = ToolCall("look", {"at": "Quagmire"}, "1")
    answered = answer("Zeppelin", asked.id, tool_calls=(call,))
    later = turn("Still here", "As before", answered.id)
    given.version = store.add(given, [asked, answered, *later], later[-1].id)
    for node in [asked, answered, *later]:
        given.add(node)
    for node in (asked, answered):
        store.mark_message(given, node.id, 100.0)
        given.mark_deleted(node, 100.0)
    words = (b"Xylophone", b"Quagmire", b"Zeppelin", picture(200).data[30:60])
    assert all(found_in(database_folder, each) for each in words)

    store.erase_deleted(200.0)

    assert not any(found_in(database_folder, each) for each in words)
    found = loaded(store, given)
    assert [node.text for node in found.nodes.values()] == ["", "", "Still here", "As before"]
    assert [
        each.question is not None
        for each in Conversation(leaf=later[-1].id, nodes=found.nodes).turns
    ] == [True]


def test_a_message_deleted_a_moment_ago_keeps_its_text(store: Store) -> None:
    given = kept(store, "a")
    store.mark_message(given, given.path()[0].id, 300.0)

    store.erase_deleted(200.0)

    assert loaded(store, given).path()[0].text == "a"


def test_only_what_has_not_changed_for_long_is_erased_as_old(store: Store) -> None:
    given = kept(store, "a")

    store.erase_older(time.time() - 60)
    assert names(store) == ["a"]
    store.erase_older(time.time() + 60)
    assert store.load(given.id) is None


# Answers that are being written


def test_there_is_never_more_than_one_answer_being_written(store: Store) -> None:
    given = kept(store, "a")
    first, second = growing(given.leaf), growing(given.leaf)
    given.version = store.add(given, [first], first.id)

    with pytest.raises(BusyError):
        store.add(given, [second], second.id)

    assert second.id not in loaded(store, given).nodes
    assert loaded(store, given).version == given.version
    store.end(given.id, Answer(first.record, answer("Done").progress, id=first.id))
    store.add(given, [second], second.id)


def test_a_message_can_be_added_while_an_answer_is_written(store: Store) -> None:
    given = kept(store, "a")
    grown = growing(given.leaf)
    store.add(given, [grown], grown.id)

    store.add(given, [asked := Question("Aside")], asked.id)

    assert asked.id in loaded(store, given).nodes


def test_another_answer_may_be_written_once_the_writer_has_fallen_silent(
    store: Store, database_url: str
) -> None:
    given = kept(store, "a")
    first, second = growing(given.leaf), growing(given.leaf)
    store.add(given, [first], first.id)
    fall_silent(database_url, clock.WRITER_TIMEOUT - 2)
    with pytest.raises(BusyError):
        store.add(given, [second], second.id)

    fall_silent(database_url, 2)
    store.add(given, [second], second.id)


def test_an_answer_whose_writer_is_gone_says_that_it_was_interrupted(
    store: Store, database_url: str
) -> None:
    given = kept(store, "a")
    grown = growing(given.leaf)
    store.add(given, [grown], grown.id)
    store.grow(given.id, grown.id, "As far as it")
    assert node(store, given, grown.id).running
    fall_silent(database_url, clock.WRITER_TIMEOUT)

    for _ in range(2):
        found = node(store, given, grown.id)
        assert found.text == "As far as it"
        assert found.snapshot().finish == "error"
        assert "stopped while this was written" in str(found.snapshot().error)
    assert rows(database_url, "SELECT count(*) FROM message WHERE written IS NOT NULL") == [(0,)]


def test_a_writer_considered_gone_is_asked_to_stop_and_its_end_counts(
    store: Store, database_url: str
) -> None:
    given = kept(store, "a")
    grown = growing(given.leaf)
    store.add(given, [grown], grown.id)
    fall_silent(database_url, clock.WRITER_TIMEOUT)
    node(store, given, grown.id)

    assert store.grow(given.id, grown.id, "More")
    store.end(given.id, Answer(answer("").record, answer("More, after all").progress, id=grown.id))

    assert node(store, given, grown.id).text == "More, after all"
    assert node(store, given, grown.id).snapshot().finish == "done"


def test_a_writer_learns_that_it_is_asked_to_stop(store: Store) -> None:
    given = kept(store, "a")
    grown = growing(given.leaf)
    store.add(given, [grown], grown.id)
    assert not store.grow(given.id, grown.id, "So far")

    store.ask_to_stop(given.id, grown.id)

    assert store.grow(given.id, grown.id, "So far and")
    written = store.written(given.id, grown.id)
    assert written is not None
    assert (written.text, written.alive, written.record.finish) == ("So far and", True, None)


def test_a_writer_whose_chat_was_erased_is_asked_to_stop_and_restores_nothing(
    store: Store, database_url: str
) -> None:
    given = kept(store, "a")
    grown = growing(given.leaf)
    store.add(given, [grown], grown.id)
    store.erase_all("ada")

    assert store.grow(given.id, grown.id, "More")
    store.end(given.id, Answer(grown.record, answer("More").progress, id=grown.id))

    assert store.written(given.id, grown.id) is None
    assert rows(database_url, "SELECT count(*) FROM message") == [(0,)]


def node(store: Store, given: Conversation, node_id: str) -> Answer:
    found = loaded(store, given).nodes[node_id]
    assert isinstance(found, Answer)
    return found


def fall_silent(url: str, seconds: float) -> None:
    """Make the last write of every writer older."""
    rows(url, f"UPDATE message SET written = written - {seconds}")  # noqa: S608 - a number


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Read or change the database directly."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        done = connection.execute(text(statement))
        found = [tuple(row) for row in done] if done.returns_rows else []
    engine.dispose()
    return found


def found_in(folder: Path, words: bytes) -> bool:
    """Return whether any file contains the bytes."""
    return any(words in each.read_bytes() for each in folder.iterdir())
