"""Exports can be imported unchanged, also through a database."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import (
    Answer,
    Conversation,
    Conversations,
    Node,
    ToolResults,
    export_json,
    read_export,
)
from conversations.store.database import MEMORY
from tests.conversations.builders import (
    FULL,
    ODD_TEXTS,
    a_conversation,
    answer,
    conversation,
    conversations_of_any_kind,
    question,
)
from workers_ai.call_trace import Attempt

several = st.lists(conversations_of_any_kind(), max_size=2)


@pytest.fixture(scope="module")
def in_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversations]:
    kept = Conversations(f"sqlite:///{tmp_path_factory.mktemp('kept')}/c.db")
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Conversations]:
    kept = Conversations(MEMORY)
    yield kept
    kept.close()


def facts(node: Node) -> list[Any]:
    """Return everything about a message; for a deleted one, only its position."""
    place = [type(node), node.id, node.parent, node.created, node.deleted]
    if node.deleted is not None:
        return place
    if isinstance(node, Answer):
        return [*place, node.text, node.begun, node.recorded()]
    if isinstance(node, ToolResults):
        return [*place, node.results, node.said]
    return [*place, node.text, [(each, each.data) for each in node.pictures]]


def content(given: Conversation) -> list[Any]:
    nodes = [facts(node) for node in given.nodes.values()]
    return [given.title, given.created, given.settings, given.leaf, nodes]


def kept_in(store: Conversations, file: bytes) -> list[Conversation]:
    """Import a file into a store, and return what the store then contains."""
    found = []
    for each in read_export(file).conversations:
        each.owner = "me"
        store.keep(each)
        loaded = store.open(each.id, "me")
        assert loaded is not None
        found.append(loaded)
    return found


@settings(max_examples=50)
@given(several)
def test_a_file_contains_everything(given: list[Conversation]) -> None:
    file = export_json(given)
    found = read_export(file).conversations

    assert [content(each) for each in found] == [content(each) for each in given]
    assert export_json(found) == file


@settings(max_examples=20)
@given(given=several)
def test_nothing_changes_on_the_way_through_a_database(
    in_file: Conversations, given: list[Conversation]
) -> None:
    file = export_json(given)
    found = kept_in(in_file, file)

    assert [content(each) for each in found] == [content(each) for each in given]
    assert export_json(found) == file


@settings(max_examples=20)
@given(given=several)
def test_nothing_changes_on_the_way_through_memory(
    in_memory: Conversations, given: list[Conversation]
) -> None:
    file = export_json(given)

    assert export_json(kept_in(in_memory, file)) == file


def test_it_is_the_same_after_the_app_was_started_again(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/c.db"
    file = export_json([a_conversation()])
    first = Conversations(url)
    ids = [each.id for each in kept_in(first, file)]
    first.close()
    again = Conversations(url)
    found = [again.open(each, "me") for each in ids]

    assert export_json([each for each in found if each]) == file
    again.close()


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_every_code_point_survives(text: str, in_file: Conversations) -> None:
    given = conversation(question(text, id="q"), title=text)
    (found,) = kept_in(in_file, export_json([given]))

    assert found.nodes["q"].text == text
    assert found.title == text


def with_a_try_that_met_nobody() -> Conversation:
    record = replace(FULL, begun=0, attempts=(Attempt("No route", None, 0.5),))
    return conversation(question("Hello", id="q"), answer("Hi", record, id="a", parent="q"))


def test_an_attempt_that_reached_no_server_is_restored(in_file: Conversations) -> None:
    given = with_a_try_that_met_nobody()
    (found,) = kept_in(in_file, export_json([given]))

    assert content(found) == content(given)


def test_importing_twice_makes_two_conversations(in_file: Conversations) -> None:
    file = export_json([a_conversation()])
    once, twice = kept_in(in_file, file)[0], kept_in(in_file, file)[0]

    assert once.id != twice.id
    assert list(once.nodes) == list(twice.nodes)
    assert export_json([once]) == export_json([twice]) == file
