"""Chats, runs and exports from before the code was moved into rooms still work.

The files in `written_before/` were written once by commit f0bc7b6, and are never written again:

- `chats.sqlite` by its `Conversations` and `Runs`, asked through a `Client` against its wire server
  and its built-in model, or with messages put together by hand where a server does not produce them
  (every class of error, every setting, odd characters). The database was closed, not converted. One
  answer in it is unfinished, and a chat and two messages were marked as deleted long ago.
- `chats.json` by `export_json`, after f0bc7b6 opened a copy of that database.
- `expected.json` is what f0bc7b6 read from that copy, in the shape of `plain_facts`.
- `next_requests.json` has the bytes of the requests that it built from each chat: for a new
  question after each last message, and for the last turn again.
- `links.json`, `secrets.toml` and `configuration.json` are those of its pages, in AppTest; see
  `tests/components/shell/test_written_before.py`.
"""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conversations import (
    Conversation,
    Conversations,
    Question,
    export_json,
    export_jsonl,
    export_markdown,
    next_request,
    read_export,
)
from tests.conversations.plain_facts import (
    SUPPORTS,
    WRITTEN,
    body,
    chat_facts,
    plain,
    run_facts,
    written,
)
from workers_ai import Parameters, ResponseError

EXPECTED = written("expected.json")
OWNER = EXPECTED["owner"]
CHATS = {each["id"]: each for each in EXPECTED["chats"]}
RUNS = {each["id"]: each for each in EXPECTED["runs"]}
BODIES = written("next_requests.json")
[UNFINISHED] = [each["id"] for each in CHATS.values() if each["title"] == "Unfinished"]
ENDED = [chat_id for chat_id in CHATS if chat_id != UNFINISHED]


def named(chat_id: str) -> str:
    return CHATS[chat_id]["name"]


chats = pytest.mark.parametrize("chat_id", ENDED, ids=named)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the database, which opening changes."""
    return Path(shutil.copy(WRITTEN / "chats.sqlite", tmp_path_factory.mktemp("before")))


@pytest.fixture(scope="module")
def opened(database: Path) -> Iterator[Conversations]:
    conversations = Conversations(f"sqlite:///{database}")
    yield conversations
    conversations.close()


@pytest.fixture
def changeable(tmp_path: Path) -> Iterator[Conversations]:
    """Another copy, for tests that write."""
    copy = shutil.copy(WRITTEN / "chats.sqlite", tmp_path)
    conversations = Conversations(f"sqlite:///{copy}")
    yield conversations
    conversations.close()


def find(conversations: Conversations, chat_id: str) -> Conversation:
    found = conversations.open(chat_id, OWNER)
    assert found is not None
    return found


def last_messages(chat: Conversation) -> list[str]:
    parents = {node.parent for node in chat.nodes.values()}
    return [each for each in chat.nodes if each not in parents]


def bodies(chat: Conversation) -> Iterator[tuple[str, str]]:
    """Yield what is sent next after each branch, and for the last turn again."""
    shown = chat.leaf
    for leaf in last_messages(chat):
        chat.show(leaf)
        asked = Question("And then, {{name}}?", (), leaf)
        for name in SUPPORTS if chat.settings.tools else ["tool"]:
            request = next_request(
                chat.turns, asked, settings=chat.settings, support=SUPPORTS[name]
            )
            yield f"{leaf} {name}", body(request)
    chat.show(shown)
    yield "begun", body(again(chat, begun="It begins"))
    yield "begun prefilled", body(again(chat, begun="It begins", prefills=True))
    yield "prefilled", body(again(chat, prefills=True))


def again(chat: Conversation, **options: Any) -> Any:
    *earlier, last = chat.turns
    assert last.question is not None
    return next_request(earlier, last.question, settings=chat.settings, **options)


def markdown(chat: Conversation) -> dict[str, str]:
    """Return the files of a Markdown export: texts, and the hashes of pictures."""
    with zipfile.ZipFile(io.BytesIO(export_markdown(chat))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return {
        name: hashlib.sha256(data).hexdigest() if name.startswith("images") else data.decode()
        for name, data in files.items()
    }


def content(chat: Conversation) -> dict[str, Any]:
    """Return what an export has of a chat: of deleted messages, only their place."""
    facts = chat_facts(chat)
    place = ("role", "id", "parent", "created", "deleted", "text")
    messages = [
        {name: each[name] for name in place} if each["deleted"] else each
        for each in facts["messages"]
    ]
    shown = {name: facts[name] for name in ("title", "created", "leaf", "settings", "turns")}
    return shown | {"messages": messages}


# The database


def test_the_database_opens_without_a_notice_and_can_be_written(changeable: Conversations) -> None:
    assert (changeable.problem, changeable.notice) == ("", "")
    chat = find(changeable, ENDED[0])
    changeable.rename(chat, "A new name")
    chat.settings = replace(chat.settings, system="A new system prompt")
    changeable.keep_settings(chat)
    changeable.put(chat, Question("A new question", (), chat.leaf))
    changeable.keep_preset(OWNER, "New", Parameters(seed=5))

    kept = find(changeable, ENDED[0])
    assert (kept.title, kept.settings.system) == ("A new name", "A new system prompt")
    assert kept.nodes[kept.leaf or ""].text == "A new question"
    assert changeable.presets(OWNER)["New"].seed == 5


def test_the_list_has_the_same_chats_in_the_same_order(opened: Conversations) -> None:
    assert [each.id for each in opened.listed(OWNER)] == list(CHATS)


@chats
def test_a_chat_is_unchanged(opened: Conversations, chat_id: str) -> None:
    assert chat_facts(find(opened, chat_id)) == CHATS[chat_id]


def test_the_chats_have_every_kind_of_message() -> None:
    """So that the other tests compare something."""
    messages = [each for chat in CHATS.values() for each in chat["messages"]]
    answers = [each for each in messages if each["role"] == "assistant"]
    errors = {each["error"][0] for each in answers if each["error"]}

    assert {each["role"] for each in messages} == {"user", "assistant", "tool"}
    assert {each["finish"] for each in answers} == {
        "done",
        "length",
        "ended_early",
        "stopped",
        "error",
    }
    assert len(errors) >= 12
    assert any(each["deleted"] for each in messages)
    assert any(each.get("pictures") for each in messages)
    assert {each["calls"]["recovered"] for each in answers if each["calls"]} == {
        None,
        "fenced json",
    }


def test_a_foreign_chat_is_readable_and_not_writable(opened: Conversations) -> None:
    foreign = find(opened, EXPECTED["foreign"]["id"])

    assert chat_facts(foreign) == EXPECTED["foreign"]
    assert not foreign.writable


def test_an_answer_whose_writer_is_gone_has_failed(opened: Conversations) -> None:
    answer = find(opened, UNFINISHED).turns[-1].answer
    assert answer is not None

    assert answer.text == "It was in the mid"
    assert answer.snapshot().finish == "error"
    assert type(answer.snapshot().error) is ResponseError


def test_what_was_deleted_is_erased_from_the_file(opened: Conversations, database: Path) -> None:
    before = (WRITTEN / "chats.sqlite").read_bytes()
    assert opened.problem == ""
    after = b"".join(file.read_bytes() for file in database.parent.iterdir())

    for words in (b"A secret that is deleted", b"Erase me wholly"):
        assert words in before
        assert words not in after


def test_presets_are_unchanged(opened: Conversations) -> None:
    presets = {name: each.body() for name, each in opened.presets(OWNER).items()}

    assert presets == EXPECTED["presets"]
    assert len(presets) == 2


@pytest.mark.parametrize("run_id", RUNS, ids=lambda each: RUNS[each]["kind"])
def test_a_run_is_unchanged(opened: Conversations, run_id: str) -> None:
    run = opened.runs.find(run_id, OWNER)
    assert run is not None

    assert run_facts(run) == RUNS[run_id]


@pytest.mark.parametrize("kind", ["sweep", "pictures"])
def test_the_lists_of_runs_are_unchanged(opened: Conversations, kind: str) -> None:
    listed = [(each.id, plain(each.plan)) for each in opened.runs.listed(OWNER, kind)]
    expected = [(each["id"], each["plan"]) for each in RUNS.values() if each["kind"] == kind]

    assert listed == expected
    assert listed


# The next request


@chats
def test_the_next_requests_are_byte_equal(opened: Conversations, chat_id: str) -> None:
    assert dict(bodies(find(opened, chat_id))) == BODIES[chat_id]


# Exports


def test_the_export_is_byte_equal(opened: Conversations) -> None:
    exported = export_json([find(opened, chat_id) for chat_id in ENDED])

    assert exported == (WRITTEN / "chats.json").read_bytes()


@chats
def test_the_exports_to_read_are_byte_equal(opened: Conversations, chat_id: str) -> None:
    chat = find(opened, chat_id)

    assert export_jsonl(chat).decode() == EXPECTED["jsonl"][chat_id]
    assert markdown(chat) == EXPECTED["markdown"][chat_id]


def test_the_export_is_imported_whole(changeable: Conversations, opened: Conversations) -> None:
    data = (WRITTEN / "chats.json").read_bytes()
    imported = changeable.keep_all(read_export(data).conversations, "somebody")

    assert [content(each) for each in imported] == [content(find(opened, each)) for each in ENDED]
    assert export_json(imported) == data
