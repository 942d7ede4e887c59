"""A conversation as a tree: the shown path and its variants."""

import time

import pytest

from backends import BuiltIn
from conversations import Answer, Conversation, Node, Question, Settings, Turn
from conversations.answer_record import EDITOR, Record
from conversations.tree import LONGEST_TITLE, named_after
from conversations.tree_nodes import Ended
from tests.conversations.talk import MODEL, answer, picture, turn
from workers_ai import ChatRequest, Client, Reply, Snapshot


def grown(*said: str) -> Conversation:
    """Return a conversation with these turns."""
    given = Conversation()
    for each in said:
        add(given, *turn(each, each.upper(), given.leaf))
    return given


def add(given: Conversation, *nodes: Node) -> None:
    for node in nodes:
        given.add(node)
        given.show(node.id)


def texts(nodes: list[Node]) -> list[str]:
    return [node.text for node in nodes]


def shown(given: Conversation) -> list[tuple[str | None, str | None]]:
    return [
        (each.question and each.question.text, each.answer and each.answer.text)
        for each in given.turns
    ]


def first_question(given: Conversation) -> Question:
    found = given.path()[0]
    assert isinstance(found, Question)
    return found


# Ids


def test_a_conversation_is_found_by_an_id_that_cannot_be_guessed() -> None:
    ids = {Conversation().id for _ in range(100)}

    assert len(ids) == 100
    assert min(map(len, ids)) >= 20


def test_equal_messages_are_two_messages() -> None:
    assert Question("Same").id != Question("Same").id
    assert len(grown("Same", "Same").turns) == 2


def test_messages_know_when_they_were_made() -> None:
    assert abs(Question("a").created - time.time()) < 60


# Paths


def test_an_empty_conversation_shows_nothing() -> None:
    given = Conversation()

    assert (given.path(), list(given.turns), given.running) == ([], [], None)
    given.show("no such message")
    assert given.path() == []


def test_the_path_goes_from_the_first_message_to_the_leaf() -> None:
    given = grown("a", "b")

    assert texts(given.path()) == ["a", "A", "b", "B"]
    assert texts(given.path(first_question(given).id)) == ["a"]
    assert shown(given) == [("a", "A"), ("b", "B")]


def test_an_edit_is_a_new_branch_and_loses_nothing() -> None:
    given = grown("a", "b")
    leaf = given.leaf
    add(given, edited := Question("a, edited"))
    assert shown(given) == [("a, edited", None)]
    assert texts(given.variants(edited)) == ["a", "a, edited"]

    given.show(leaf)

    assert shown(given) == [("a", "A"), ("b", "B")]


def test_another_answer_is_a_variant_of_the_first() -> None:
    given = grown("a", "b")
    asked = first_question(given)
    add(given, second := answer("Again", asked.id))

    assert shown(given) == [("a", "Again")]
    assert texts(given.variants(second)) == ["A", "Again"]
    assert given.variants(second) == given.variants(given.nodes[second.id])


def test_variants_are_of_one_kind_and_not_deleted() -> None:
    given = grown("a")
    asked = first_question(given)
    add(given, under_an_answer := Question("b", parent=given.leaf))
    add(given, Question("c", parent=asked.id), second := answer("Again", asked.id))
    third = answer("And again", asked.id)
    add(given, third)
    given.mark_deleted(third, 1.0)

    assert texts(given.variants(second)) == ["A", "Again"]
    assert texts(given.variants(under_an_answer)) == ["b"]


def test_below_a_message_the_newest_branch_is_shown() -> None:
    given = grown("a", "b", "c")
    asked = first_question(given)
    add(given, *turn("b2", "B2", given.path()[1].id))

    assert given.newest_below(asked).text == "B2"
    assert given.newest_below(given.nodes[given.leaf or ""]).text == "B2"


def test_below_a_message_what_is_left_comes_before_what_was_deleted() -> None:
    given = grown("a")
    asked = first_question(given)
    add(given, second := answer("Again", asked.id))
    given.mark_deleted(second, 1.0)
    assert given.newest_below(asked).text == "A"

    given.mark_deleted(given.path(second.id)[0], None)
    given.mark_deleted(next(n for n in given.nodes.values() if n.text == "A"), 1.0)
    assert given.newest_below(asked) is second


def test_messages_come_in_the_order_of_their_making_wherever_they_were_kept() -> None:
    first, second = Question("a", created=1.0), Question("b", created=2.0)
    given = Conversation(nodes={second.id: second, first.id: first})

    assert texts(given.variants(first)) == ["a", "b"]
    given.replace_nodes([second, first])
    assert list(given.nodes) == [first.id, second.id]


def test_a_long_conversation_needs_no_recursion() -> None:
    given = grown(*map(str, range(2000)))

    assert len(given.turns) == 2000
    assert given.newest_below(first_question(given)).id == given.leaf


# Turns with a part deleted


@pytest.mark.parametrize(
    ("deleted", "found"),
    [
        ([], [("a", "A", False), ("b", "B", False)]),
        ([0], [(None, "A", False), ("b", "B", False)]),
        ([1], [("a", None, True), ("b", "B", False)]),
        ([0, 1], [("b", "B", False)]),
        ([1, 2], [("a", None, True), (None, "B", False)]),
        ([3], [("a", "A", False), ("b", None, True)]),
        ([0, 1, 2, 3], []),
    ],
)
def test_what_was_deleted_is_left_out(
    deleted: list[int], found: list[tuple[str | None, str | None, bool]]
) -> None:
    given = grown("a", "b")
    for at in deleted:
        given.mark_deleted(given.path()[at], 1.0)

    assert [
        (
            each.question.text if each.question else None,
            each.answer.text if each.answer else None,
            each.answer_deleted,
        )
        for each in given.turns
    ] == found
    assert len(given.path()) == 4


def test_what_was_deleted_comes_back_in_its_place() -> None:
    given = grown("a", "b")
    node = given.path()[1]
    given.mark_deleted(node, 1.0)
    assert len(given.turns) == 2
    given.mark_deleted(node, None)

    assert shown(given) == [("a", "A"), ("b", "B")]


def test_questions_in_a_row_are_turns_of_their_own() -> None:
    given = Conversation()
    add(given, first := Question("a"))
    add(given, Question("b", parent=first.id))

    assert shown(given) == [("a", None), ("b", None)]
    assert [each.answer_deleted for each in given.turns] == [False, False]


def test_answers_in_a_row_are_turns_of_their_own() -> None:
    given = Conversation()
    add(given, first := answer("A"))
    add(given, answer("B", first.id))

    assert shown(given) == [(None, "A"), (None, "B")]


# Answers


def test_an_answer_runs_until_it_ends() -> None:
    request = ChatRequest.model_validate(
        {"messages": [{"role": "user", "content": "Hello"}], "stream": True}
    )
    reply = Reply(Client(BuiltIn()), request)
    given = grown("a")
    add(given, asked := Question("b", parent=given.leaf))
    add(given, running := Answer(Record(MODEL, Settings()), reply, asked.id))
    assert given.running is running
    assert given.turns[-1].running
    assert running.recorded() is running.record

    reply.start()
    *_, ended = reply.updates()

    assert given.running is None
    assert running.text == ended.text
    assert running.recorded().finish == "done"
    assert running.recorded().usage == ended.usage
    assert running.reply is reply


def test_a_continued_answer_has_the_whole_text() -> None:
    record = Record(MODEL, Settings(), begun=6, finish="done")
    found = Answer(record, Ended(record.snapshot("Begun and done")), begun="Begun ")

    assert found.text == "Begun and done"
    assert found.snapshot().text == "and done"


def test_an_answer_by_hand_says_whose_hand_it_was() -> None:
    found = Answer.by_hand("Corrected \ud800", Settings(system="x"), "parent")

    assert (found.text, found.parent, found.running) == ("Corrected \ufffd", "parent", False)
    assert (found.record.maker, found.record.settings.system) == (EDITOR, "x")
    assert found.recorded() is found.record


def test_an_ended_answer_makes_nobody_wait() -> None:
    ended = Ended(Snapshot("a", "done", 3, 0.0))
    before = time.monotonic()

    assert ended.wait(2, 10)
    assert not ended.wait(3, 10)
    ended.stop()

    assert ended.snapshot().text == "a"
    assert time.monotonic() - before < 1


def test_a_message_of_a_request_is_made_once_unless_it_has_pictures() -> None:
    plain, pictured, ended = Question("a"), Question("a", (picture(),)), answer("A")

    assert plain.message() is plain.message()
    assert ended.message() is ended.message()
    assert pictured.message() == pictured.message()
    assert pictured.message() is not pictured.message()


def test_a_turn_without_an_answer_does_not_run() -> None:
    assert not Turn(Question("a")).running
    assert not Turn(Question("a"), answer("A")).running


# Names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hello", "Hello"),
        ("  two\n\n lines\t", "two lines"),
        ("x" * LONGEST_TITLE, "x" * LONGEST_TITLE),
        ("x" * (LONGEST_TITLE + 1), "x" * (LONGEST_TITLE - 1) + "…"),
        (" \n ", "A message"),
    ],
)
def test_a_chat_is_named_after_its_first_question(text: str, name: str) -> None:
    assert named_after([answer("A"), Question(text), Question("Later")]) == name


def test_a_chat_that_begins_with_a_picture_is_named_after_it() -> None:
    assert named_after([Question("", (picture(name="cat.png"), picture(21)))]) == "cat.png"


def test_a_chat_is_not_named_after_what_was_deleted() -> None:
    assert named_after([Question("a", deleted=1.0), Question("b")]) == "b"
    assert named_after([Question("a", deleted=1.0)]) == "New chat"
    assert Conversation().name == "New chat"


def test_a_title_comes_before_the_first_question() -> None:
    given = grown("a")
    assert given.name == "a"
    given.title = "Named"
    assert given.name == "Named"


def test_a_picture_holds_what_it_was_made_of() -> None:
    given = picture(30, "a.png")

    assert given.image.data == given.data
    assert (given.image.width, given.width, given.size) == (30, 30, len(given.data))
    assert given.image.sha256 == given.sha256
    assert given.thumbnail is given.thumbnail
    assert given.model_view
