"""Conversations as files: what they contain, and what they must never contain."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from conversations import (
    Conversation,
    Picture,
    Question,
    Settings,
    export_json,
    export_jsonl,
    export_markdown,
    next_request,
    read_export,
)
from conversations.answer_record import Record
from tests.components.pictures import png
from tests.conversations.builders import (
    GEMMA,
    GRAY,
    RED,
    SETTINGS,
    SMALL,
    a_conversation,
    answer,
    conversation,
    growing,
    question,
)
from workers_ai import Chunk, Parameters, Reply, ToolCall, Usage, read_image
from workers_ai.images import decode_data_uri


def written(*given: Conversation) -> Any:
    """Return the parsed JSON export."""
    return json.loads(export_json(given))


def messages_of(given: Conversation) -> dict[str, Any]:
    return {each["id"]: each for each in written(given)["conversations"][0]["messages"]}


def unpacked(given: Conversation) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(export_markdown(given))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def markdown(given: Conversation) -> str:
    return unpacked(given)["conversation.md"].decode()


# JSON


def test_the_file_says_what_it_is() -> None:
    file = written(a_conversation())

    assert (file["format"], file["version"]) == ("cabochon", 1)
    assert set(file) == {"format", "version", "conversations", "images"}
    assert set(file["conversations"][0]) == {"title", "created", "settings", "leaf", "messages"}


@pytest.mark.parametrize("export", [lambda c: export_json([c]), export_markdown, export_jsonl])
def test_equal_conversations_are_equal_files(export: Any) -> None:
    one = a_conversation()
    other = a_conversation()
    other.updated, other.version = 5.0, 9
    other.nodes = dict(reversed(other.nodes.items()))

    assert one.id != other.id
    assert export(one) == export(other)


def test_each_picture_is_in_the_file_once_with_its_exact_bytes() -> None:
    images = written(a_conversation(), a_conversation())["images"]

    assert list(images) == sorted([RED.sha256, GRAY.sha256])
    for picture in (RED, GRAY):
        media_type, data = decode_data_uri(images[picture.sha256])
        assert (media_type, data) == (picture.media_type, picture.data)
        assert hashlib.sha256(data).hexdigest() == picture.sha256


@pytest.mark.parametrize("export", [lambda c: export_json([c]), export_jsonl])
def test_the_owner_is_not_in_the_file(export: Any) -> None:
    given = a_conversation()
    file = export(given).decode()

    assert given.owner
    assert given.owner not in file
    assert given.id not in file


def test_a_deleted_message_has_only_its_position_in_the_file() -> None:
    given = a_conversation()
    found = messages_of(given)

    place = {"id", "parent", "role", "text", "created", "deleted"}
    assert set(found["q3"]) == set(found["a3"]) == place
    assert (found["q3"]["text"], found["a3"]["text"]) == ("", "")
    assert found["q3"]["deleted"] == 9.0
    for file in (export_json([given]), export_markdown(given), export_jsonl(given)):
        assert b"secret" not in file
        assert SMALL.sha256.encode() not in file


def test_an_answer_that_is_being_written_is_there_as_it_is_now() -> None:
    running = growing("and so far", begun="Begun ", id="a", parent="q")
    given = conversation(question("Hello", id="q"), running)
    found = messages_of(given)["a"]

    assert running.running
    assert found["text"] == "Begun and so far"
    assert found["record"]["finish"] == "ended_early"
    assert found["record"]["begun"] == len("Begun ")
    assert running.running, "looking at it does not end it"


def test_an_answer_that_has_just_ended_is_there_with_its_end() -> None:
    ended = growing("Hi", id="a", parent="q")
    assert isinstance(ended.progress, Reply)
    ended.progress._end("length", Chunk(usage=Usage(1, 2, 3)))
    record = messages_of(conversation(question("Hello", id="q"), ended))["a"]["record"]

    assert record["finish"] == "length"
    assert record["usage"]["total_tokens"] == 3


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("holiday.jpg", "holiday.jpg"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("C:\\x.png", "C:_x.png"),
        ("a\nb\0c\x7f.png", "a_b_c_.png"),
        ("gpj.\u202eexe", "gpj._exe"),
        ("x" * 300, "x" * 255),
        ("half \ud83d.png", "half \ufffd.png"),
        ("é ☺ 日本.png", "é ☺ 日本.png"),
    ],
)
def test_a_name_in_the_file_is_only_a_label(name: str, kept: str) -> None:
    given = conversation(question("", replace(RED, name=name), id="q"))
    file = export_json([given])

    assert messages_of(given)["q"]["pictures"][0]["name"] == kept
    assert export_json(read_export(file).conversations) == file


def test_lone_surrogates_are_replaced_wherever_they_are() -> None:
    settings = Settings(system="a\ud800", variables={"k": "v\ud83d"})
    record = Record(GEMMA, settings, finish="done", tool_calls=(ToolCall("t\ud800", {}, "1"),))
    given = conversation(
        question("q\ud800", id="q"),
        answer("Hi", record, id="a", parent="q"),
        title="t\ud800",
        settings=settings,
    )
    file = export_json([given])
    (found,) = read_export(file).conversations

    assert found.settings == Settings(system="a\ufffd", variables={"k": "v\ufffd"})
    assert (found.title, found.nodes["q"].text) == ("t\ufffd", "q\ufffd")
    assert export_json([found]) == file


def test_an_empty_conversation_and_none_at_all_are_files_too() -> None:
    assert written()["conversations"] == []
    assert written(Conversation())["conversations"][0]["messages"] == []
    assert export_jsonl(Conversation()) == b""
    assert "New chat" in markdown(Conversation())


# Markdown


def test_markdown_shows_the_path_that_is_shown() -> None:
    text = markdown(a_conversation())

    said = ["Colors", "Be brief", "Which color?", "The color is red.", "And now?", "Gone on."]
    assert [text.index(each) for each in said] == sorted(text.index(each) for each in said)
    assert "Red!" not in text, "it is on another branch"


def test_a_caption_says_who_answered_and_how_it_ended() -> None:
    text = markdown(a_conversation())
    quiet = [line for line in text.splitlines() if line.startswith("*Workers AI")]

    assert quiet == [
        "*Workers AI · @cf/google/gemma-3-12b-it · 34 tokens · cut at max_tokens*",
        "*Workers AI · @cf/google/gemma-3-12b-it · failed · Too many calls.*",
        "*Workers AI · @cf/google/gemma-3-12b-it · complete*",
    ]


def test_an_unfinished_answer_is_marked_in_markdown() -> None:
    given = conversation(question("Hello", id="q"), growing("Half", id="a", parent="q"))

    assert "Half\n" in markdown(given)
    assert "still being written" in markdown(given)


def test_pictures_are_exported_next_to_the_text_and_named_by_hash() -> None:
    hostile = replace(RED, name="](x) ../../<b>.png\n# Ha")
    files = unpacked(conversation(question("Look", hostile, GRAY, hostile, id="q")))
    red, gray = f"images/{RED.sha256}.png", f"images/{GRAY.sha256}.jpg"

    assert list(files) == ["conversation.md", *sorted([red, gray])]
    assert (files[red], files[gray]) == (RED.data, GRAY.data)
    text = files["conversation.md"].decode()
    assert f"![\\](x) ../../\\<b\\>.png \\# Ha]({red})" in text
    assert text.count("\n# ") == 0


def test_a_conversation_without_pictures_is_a_zip_too() -> None:
    assert list(unpacked(conversation(question("Hello", id="q")))) == ["conversation.md"]


def test_a_tool_call_cannot_leave_its_fence() -> None:
    call = ToolCall("x", "```\n# Ha\n````", "1")
    record = Record(GEMMA, SETTINGS, finish="done", tool_calls=(call,))
    given = conversation(question("", id="q"), answer("", record, id="a", parent="q"))

    assert "`````json\n```\n# Ha\n````\n`````" in markdown(given)


# JSONL


def lines(given: Conversation) -> list[Any]:
    return [json.loads(line) for line in export_jsonl(given).decode().splitlines()]


@pytest.mark.parametrize("system", ["", "Be brief, {{name}}.", "  "])
def test_each_line_is_a_message_of_the_next_request(system: str) -> None:
    settings = Settings(Parameters(), system=system, variables={"name": "Ada"})
    given = a_conversation()
    given.settings = settings
    request = next_request(given.turns, Question("Next"), settings=settings)
    sent = request.body()["messages"]

    assert lines(given) == sent[:-1]
    assert [each["role"] for each in sent[-3:]] == ["user", "assistant", "user"]


def test_a_line_ends_where_the_message_ends() -> None:
    given = conversation(
        question("a\u2028b\nc\x85\x0c", id="q"), answer("d\u2029", id="a", parent="q")
    )

    assert [each["content"][0]["text"] for each in lines(given)] == [
        "a\u2028b\nc\x85\x0c",
        "d\u2029",
    ]


def test_pictures_travel_as_data_uris() -> None:
    picture = Picture.of("x.png", read_image(png(20, 20)))
    given = conversation(question("Look", picture, id="q"), answer("Red", id="a", parent="q"))

    assert [part["type"] for part in lines(given)[0]["content"]] == ["image_url", "text"]
    assert lines(given)[0]["content"][0]["image_url"]["url"] == picture.image.data_uri
