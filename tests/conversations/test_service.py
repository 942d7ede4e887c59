"""All conversations of a process: permissions, the views of others, and what leaves no trace."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from conversations import (
    Answer,
    BusyError,
    Conversation,
    Conversations,
    NotYoursError,
    Question,
    Settings,
    StoreError,
    next_request,
)
from conversations.store import storage
from tests.conversations.talk import Script, answer, ask, picture, turn, wait_until
from workers_ai import Client, Parameters, Request


@pytest.fixture
def another_process(
    database_url: str, open_conversations: Callable[[str], Conversations]
) -> Conversations:
    """The same database, as another process has it open."""
    return open_conversations(database_url)


def begun(conversations: Conversations, *said: str, owner: str = "ada") -> Conversation:
    """Store a conversation with these turns."""
    given = conversations.new(owner)
    for each in said:
        for node in turn(each, f"To that: {each}", given.leaf):
            conversations.put(given, node)
    return given


def opened(
    conversations: Conversations, given: Conversation | str, owner: str = "ada"
) -> Conversation:
    found = conversations.open(given if isinstance(given, str) else given.id, owner)
    assert found is not None
    return found


def request(given: Conversation) -> Request:
    return next_request(given.turns[:-1], question(given, -1), settings=given.settings)


def shown(given: Conversation) -> list[str]:
    return [node.text for node in given.path()]


def question(given: Conversation, at: int = 0) -> Question:
    found = given.turns[at].question
    assert found is not None
    return found


def last(given: Conversation) -> Answer:
    found = given.turns[-1].answer
    assert found is not None
    return found


# Asking and answering


def test_a_new_conversation_is_nowhere_before_something_is_said(
    conversations: Conversations,
) -> None:
    given = conversations.new("ada")

    assert conversations.open(given.id, "ada") is None
    assert not conversations.has_changed(given)
    assert (given.version, given.writable, given.temporary, given.problem) == (0, True, False, "")


def test_what_is_asked_and_answered_is_there_for_the_next_process(
    conversations: Conversations, another_process: Conversations
) -> None:
    given = conversations.new("ada")
    given.settings = Settings(Parameters(stream=True, seed=1), system="Be brief.")
    answered = ask(conversations, given, "What is a token?", picture())
    wait_until(lambda: opened(another_process, given).running is None)

    found = opened(another_process, given)

    assert shown(found) == ["What is a token?", answered.text]
    assert answered.text
    assert found.settings == given.settings
    assert last(found).record == answered.recorded()
    assert last(found).record.maker.model == "cabochon-help-ngram"
    assert question(found).pictures == (picture(),)
    assert found.writable
    assert found.name == "What is a token?"


def test_regenerating_adds_a_variant(conversations: Conversations) -> None:
    given = begun(conversations, "a")
    asked, script = question(given), Script()
    from_script = conversations.ask(given, asked, request(given), Client(script, max_retries=0))
    script.say("Another")
    script.end()
    wait_until(lambda: not from_script.running)

    assert len(given.nodes) == 3
    assert shown(given) == ["a", "Another"]
    assert [each.text for each in given.variants(from_script)] == ["To that: a", "Another"]
    wait_until(lambda: shown(opened(conversations, given)) == ["a", "Another"])


def test_while_one_answer_is_written_no_other_one_begins(conversations: Conversations) -> None:
    given, script = conversations.new("ada"), Script()
    ask(conversations, given, "First", backend=script)
    before = list(given.nodes)

    with pytest.raises(BusyError):
        ask(conversations, given, "Second")
    with pytest.raises(BusyError):
        ask(conversations, opened(conversations, given), "Third")

    assert list(given.nodes) == before
    script.end()


def test_the_next_question_need_not_wait_for_the_last_write(conversations: Conversations) -> None:
    given = conversations.new("ada")
    for number in range(10):
        script = Script()
        answered = ask(conversations, given, str(number), backend=script)
        script.say("Yes.")
        script.end()
        while answered.running:
            answered.progress.wait(answered.snapshot().version, 1)

    assert len(opened(conversations, given).turns) == 10


def test_opening_it_in_the_same_process_follows_the_same_reply(
    conversations: Conversations,
) -> None:
    given, script = conversations.new("ada"), Script()
    answered = ask(conversations, given, "Go on", backend=script)

    found = opened(conversations, given)
    script.say("One")
    wait_until(lambda: answered.text == "One")

    assert last(found).text == "One", "at once, not a second later"
    assert last(found).progress is answered.progress
    script.end()


# Views


def test_a_view_learns_what_another_one_has_done(
    conversations: Conversations, another_process: Conversations
) -> None:
    given = begun(conversations, "a")
    other = opened(another_process, given)
    assert not another_process.has_changed(other)

    conversations.put(given, Question("b", parent=given.leaf))
    conversations.rename(given, "  Named ")
    conversations.delete_message(given, question(given, 0))

    assert another_process.has_changed(other)
    assert not conversations.has_changed(given)
    another_process.refresh(other)
    assert not another_process.has_changed(other)
    assert shown(other) == shown(given)
    assert (other.title, other.version) == ("Named", given.version)
    assert [each.question is None for each in other.turns] == [True, False]


def test_a_change_on_top_of_what_others_have_done_brings_that_with_it(
    conversations: Conversations, another_process: Conversations
) -> None:
    given = begun(conversations, "a")
    other = opened(another_process, given)
    conversations.put(given, theirs := Question("b", parent=given.leaf))

    another_process.put(other, mine := Question("c", parent=other.leaf))

    assert {theirs.id, mine.id} <= other.nodes.keys()
    assert other.leaf == mine.id
    assert other.version == given.version + 1
    assert [each.text for each in other.variants(mine)] == ["b", "c"]


def test_an_outdated_view_picks_up_what_is_stored(
    conversations: Conversations,
) -> None:
    given = begun(conversations, "a")
    unaware = Conversation(id=given.id, owner="ada")

    conversations.put(unaware, Question("b"))

    assert {node.text for node in unaware.nodes.values()} == {"a", "To that: a", "b"}


def test_an_answer_deleted_in_one_tab_is_gone_in_the_other_that_asked_for_it(
    conversations: Conversations,
) -> None:
    given, script = conversations.new("ada"), Script()
    ask(conversations, given, "a", backend=script)
    script.say("To be deleted")
    script.end()
    wait_until(lambda: opened(conversations, given).running is None)
    other = opened(conversations, given)

    conversations.delete_message(other, last(other))
    conversations.refresh(given)

    assert given.turns[0].answer is None
    assert given.turns[0].answer_deleted


def test_a_running_answer_continues_through_a_refresh(conversations: Conversations) -> None:
    given, script = conversations.new("ada"), Script()
    answered = ask(conversations, given, "a", backend=script)
    conversations.rename(opened(conversations, given), "Named meanwhile")
    conversations.refresh(given)
    script.say("Still here")

    wait_until(lambda: last(given).text == "Still here")
    assert last(given) is answered
    assert given.title == "Named meanwhile"
    script.end()


def test_a_chat_erased_elsewhere_stays_in_view_but_accepts_no_more(
    conversations: Conversations,
) -> None:
    given = begun(conversations, "a")
    conversations.erase_all("ada")

    assert not conversations.has_changed(given)
    conversations.refresh(given)
    assert shown(given) == ["a", "To that: a"]
    with pytest.raises(NotYoursError):
        conversations.put(given, Question("b", parent=given.leaf))


# Changing


def test_a_branch_is_shown_to_its_end_and_stays_shown(conversations: Conversations) -> None:
    given = begun(conversations, "a", "b")
    first = question(given)
    conversations.put(given, edited := Question("a, edited"))
    conversations.put(given, answer("To the edit", edited.id))

    conversations.show(given, first)

    assert shown(given) == ["a", "To that: a", "b", "To that: b"]
    assert shown(opened(conversations, given)) == shown(given)
    conversations.show(given, edited)
    assert shown(opened(conversations, given)) == ["a, edited", "To the edit"]


def test_a_deleted_message_can_be_restored(conversations: Conversations) -> None:
    given = begun(conversations, "a", "b")
    first = question(given)
    conversations.delete_message(given, first)
    assert given.turns[0].question is None
    assert opened(conversations, given).turns[0].question is None

    conversations.restore_message(given, first)
    assert question(given) is first
    assert question(opened(conversations, given)).text == "a"


def test_a_chat_can_be_named_and_loses_its_name_again(conversations: Conversations) -> None:
    given = begun(conversations, "a")
    conversations.rename(given, " Some name\n")
    assert (given.name, opened(conversations, given).name) == ("Some name", "Some name")
    assert [each.name for each in conversations.listed("ada")] == ["Some name"]

    conversations.rename(given, " ")
    assert (given.name, opened(conversations, given).name) == ("a", "a")


def test_settings_are_kept(conversations: Conversations) -> None:
    given = begun(conversations, "a")
    given.settings = Settings(system="Be brief.", variables={"x": "y"})
    conversations.keep_settings(given)

    assert opened(conversations, given).settings == given.settings


def test_a_deleted_chat_can_be_restored_within_an_hour(
    conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = begun(conversations, "a")
    conversations.delete("ada", given.id)
    assert conversations.open(given.id, "ada") is None
    assert conversations.listed("ada") == []
    conversations._stores.tidy()

    conversations.restore("ada", given.id)
    assert shown(opened(conversations, given)) == ["a", "To that: a"]

    conversations.delete("ada", given.id)
    monkeypatch.setattr(storage, "UNDO_TIME", -1.0)
    conversations._stores.tidy()
    with pytest.raises(NotYoursError):
        conversations.restore("ada", given.id)


def test_what_was_deleted_long_ago_is_erased_when_the_app_starts(
    conversations: Conversations,
    database_url: str,
    open_conversations: Callable[[str], Conversations],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conversations.delete("ada", begun(conversations, "a").id)
    assert count(database_url) == 2
    monkeypatch.setattr(storage, "UNDO_TIME", -1.0)

    open_conversations(database_url)

    assert count(database_url) == 0


def test_deleting_a_chat_ends_its_answer(conversations: Conversations) -> None:
    given, script = conversations.new("ada"), Script()
    answered = ask(conversations, given, "a", backend=script)

    conversations.delete("ada", given.id)

    assert answered.snapshot().finish == "stopped"


def test_all_are_erased_together(conversations: Conversations, database_url: str) -> None:
    for name in ("a", "b"):
        begun(conversations, name)
    begun(conversations, "c", owner="bob")
    temporary = conversations.new("ada", temporary=True)
    conversations.put(temporary, Question("d"))

    assert conversations.erase_all("ada") == 2

    assert conversations.listed("ada") == []
    assert conversations.open(temporary.id, "ada") is None
    assert conversations.count("bob") == 1
    assert count(database_url) == 2


# Ownership


def test_anyone_with_the_link_can_read_but_change_nothing(
    conversations: Conversations, another_process: Conversations
) -> None:
    given = begun(conversations, "a", "b")
    conversations.put(given, edited := Question("a, edited"))
    conversations.show(given, question(given))
    before = opened(conversations, given)
    theirs = opened(another_process, given, "bob")
    assert not theirs.writable
    assert theirs.owner == "ada"

    another_process.show(theirs, theirs.nodes[edited.id])

    assert shown(theirs) == ["a, edited"], "he may look at other branches himself"
    stolen = opened(another_process, given, "bob")
    stolen.owner = "bob"
    first = question(stolen)
    for change in (
        lambda: another_process.put(stolen, Question("c")),
        lambda: ask(another_process, stolen, "c"),
        lambda: another_process.delete_message(stolen, first),
        lambda: another_process.rename(stolen, "c"),
        lambda: another_process.keep_settings(stolen),
        lambda: another_process.delete("bob", given.id),
        lambda: another_process.restore("bob", given.id),
        lambda: another_process.save_again(stolen),
        lambda: another_process.keep(stolen),
    ):
        with pytest.raises(NotYoursError):
            change()
    assert opened(conversations, given) == before
    assert first.deleted is None


def test_nobody_can_stop_an_answer_by_deleting_the_chat_of_somebody_else(
    conversations: Conversations,
) -> None:
    given, script = conversations.new("ada"), Script()
    answered = ask(conversations, given, "a", backend=script)

    with pytest.raises(NotYoursError):
        conversations.delete("bob", given.id)

    assert answered.running
    script.end()


def test_lists_and_searches_show_only_what_is_ones_own(conversations: Conversations) -> None:
    begun(conversations, "A secret of Ada's")
    begun(conversations, "Bob's", owner="bob")

    assert [each.name for each in conversations.listed("bob")] == ["Bob's"]
    assert conversations.listed("bob", "secret") == []
    assert [each.name for each in conversations.listed("ada", "SECRET")] == ["A secret of Ada's"]
    assert conversations.count("bob") == 1
    assert [each.name for each in conversations.all_of("bob")] == ["Bob's"]


# Copies


def test_a_copy_belongs_to_its_maker_and_is_independent(conversations: Conversations) -> None:
    given = conversations.new("ada")
    conversations.put(given, asked := Question("Look", (picture(),)))
    conversations.put(given, answer("A square", asked.id))
    conversations.put(given, Question("Look, edited"))
    conversations.rename(given, "Squares")
    given.settings = Settings(system="Be brief.")

    copied = conversations.copy(opened(conversations, given, "bob"), "bob")

    assert copied.id != given.id
    assert (copied.owner, copied.writable, copied.name) == ("bob", True, "Squares")
    assert [node.text for node in copied.nodes.values()] == [
        node.text for node in given.nodes.values()
    ]
    assert shown(copied) == shown(given)
    conversations.erase_all("ada")
    [kept] = getattr(opened(conversations, copied, "bob").nodes[asked.id], "pictures")  # noqa: B009
    assert kept.data == picture().data
    conversations.put(copied, Question("Mine now", parent=copied.leaf))
    assert conversations.count("bob") == 1


def test_a_copy_of_a_running_chat_ends_with_the_question(conversations: Conversations) -> None:
    given, script = conversations.new("ada"), Script()
    ask(conversations, given, "a", backend=script)

    copied = conversations.copy(opened(conversations, given, "bob"), "bob")

    assert shown(copied) == ["a"]
    assert copied.running is None
    script.end()


def test_whole_conversations_are_kept_together(conversations: Conversations) -> None:
    given = [Conversation(owner="", title=name) for name in ("a", "b")]
    for each in given:
        for node in turn(each.title, "Yes"):
            each.add(node)
            each.show(node.id)

    kept = conversations.keep_all(given, "ada")

    assert [each.title for each in kept] == ["a", "b"]
    assert [shown(each) for each in kept] == [["a", "Yes"], ["b", "Yes"]]
    assert conversations.count("ada") == 2


# Temporary ones


def test_a_temporary_chat_works_like_any_other(conversations: Conversations) -> None:
    given = conversations.new("ada", temporary=True)
    answered = ask(conversations, given, "What is a token?", picture())
    wait_until(lambda: not answered.running)
    conversations.rename(given, "Passing")
    conversations.put(given, Question("b", parent=given.leaf))

    found = opened(conversations, given)

    assert found.temporary
    assert found.problem == ""
    assert shown(found) == ["What is a token?", answered.text, "b"]
    assert question(found).pictures[0].data == picture().data
    assert found.title == "Passing"
    assert conversations.listed("ada") == []
    assert not opened(conversations, given, "bob").writable


def test_a_temporary_chat_leaves_no_byte_on_the_disk(
    sqlite_url: str, tmp_path: Path, open_conversations: Callable[[str], Conversations]
) -> None:
    conversations = open_conversations(sqlite_url)
    traces: dict[bool, list[bytes]] = {}
    for temporary, word in ((True, "Xylophone"), (False, "Zeppelin")):
        given, script = conversations.new("ada", temporary=temporary), Script()
        given.settings = Settings(system=f"System {word}")
        shot = picture(200 + temporary, f"{word}.png")
        answered = ask(conversations, given, f"Question {word}", shot, backend=script)
        script.say(f"Answer {word}")
        script.end()
        wait_until(lambda answered=answered: not answered.running)
        last_write(conversations)
        conversations.rename(given, f"Title {word}")
        beginnings = ("System", "Question", "Answer", "Title")
        traces[temporary] = [f"{each} {word}".encode() for each in beginnings]
        traces[temporary] += [f"{word}.png".encode(), given.id.encode(), shot.sha256.encode()]
        traces[temporary] += [shot.data[20:80], shot.thumbnail[-60:]]

    for _ in range(2):
        assert all(found_under(tmp_path, each) for each in traces[False])
        assert not any(found_under(tmp_path, each) for each in traces[True])
        conversations.close()


def test_a_temporary_chat_leaves_no_row_on_the_server(
    conversations: Conversations, database_url: str
) -> None:
    given = conversations.new("ada", temporary=True)
    answered = ask(conversations, given, "What is a token?", picture())
    wait_until(lambda: not answered.running)

    assert [count(database_url, table) for table in ("conversation", "message", "image")] == [0] * 3


def test_old_temporary_chats_are_forgotten(
    conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = conversations.new("ada", temporary=True)
    conversations.put(given, Question("a"))
    kept = begun(conversations, "b")
    conversations._stores.tidy()
    assert conversations.open(given.id, "ada") is not None

    monkeypatch.setattr(storage, "TEMPORARY_TIME", -1.0)
    conversations._stores.tidy()

    assert conversations.open(given.id, "ada") is None
    assert conversations.open(kept.id, "ada") is not None


def test_closing_keeps_an_answer_that_was_being_written(
    conversations: Conversations, another_process: Conversations
) -> None:
    given, script = conversations.new("ada"), Script()
    answered = ask(conversations, given, "a", backend=script)
    script.say("As far as it came")
    wait_until(lambda: answered.text)

    conversations.close()

    found = opened(another_process, given)
    assert last(found).text == "As far as it came"
    assert last(found).snapshot().finish == "stopped"


def last_write(conversations: Conversations) -> None:
    """Wait until all answers are written."""
    wait_until(lambda: not conversations._flights._writers)


def count(url: str, table: str = "message") -> int:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        found = connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - a table
    engine.dispose()
    return int(found or 0)


def found_under(folder: Path, words: bytes) -> bool:
    """Return whether any file contains the bytes."""
    return any(words in each.read_bytes() for each in folder.rglob("*") if each.is_file())


def test_pictures_that_cannot_be_read_are_left_out_for_the_while_and_come_back(
    tmp_path: Path,
) -> None:
    conversations = Conversations(f"sqlite:///{tmp_path / 'chats.db'}")
    given = conversations.new("me")
    question = Question("Look", (picture(),))
    conversations.put(given, question)
    given = conversations.open(given.id, "me") or given
    kept = conversations._stores.kept
    assert kept
    kept._images.forget()
    kept._engine.dispose()
    (tmp_path / "chats.db").rename(tmp_path / "away.db")
    (tmp_path / "chats.db").mkdir()
    conversations.hold_in_memory(given, "It is away.")
    assert [node.pictures for node in given.nodes.values() if isinstance(node, Question)] == [()]
    (tmp_path / "chats.db").rmdir()
    (tmp_path / "away.db").rename(tmp_path / "chats.db")
    conversations.save_again(given)

    [found] = given.nodes.values()
    assert isinstance(found, Question)
    assert [picture.data for picture in found.pictures] == [picture().data]
    conversations.close()


def test_what_was_deleted_is_erased_in_time_without_anybody_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "TIDY_EVERY", 0.02)
    monkeypatch.setattr(storage, "UNDO_TIME", 0.0)
    conversations = Conversations(f"sqlite:///{tmp_path / 'chats.db'}")
    given = conversations.new("me")
    conversations.put(given, Question("The zebra"))
    conversations.delete("me", given.id)

    deadline = time.monotonic() + 5
    while any(b"zebra" in file.read_bytes() for file in tmp_path.iterdir()):
        assert time.monotonic() < deadline, "it was not erased"
        time.sleep(0.02)
    conversations.close()


def test_a_database_that_was_away_at_the_start_is_used_once_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "chats.db").mkdir()
    conversations = Conversations(f"sqlite:///{tmp_path / 'chats.db'}")
    given = conversations.new("ada")
    conversations.put(given, Question("Early"))
    assert conversations.problem
    assert given.problem
    with pytest.raises(StoreError):
        conversations.save_again(given)
    (tmp_path / "chats.db").rmdir()
    conversations.save_again(given)

    assert conversations.problem == given.problem == ""
    assert [each.name for each in conversations.listed("ada")] == ["Early"]
    assert not conversations.new("ada").temporary
    conversations.close()
