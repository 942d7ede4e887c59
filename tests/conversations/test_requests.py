"""From a conversation to the next request."""

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from conversations import Answer, Picture, Settings, Turn, next_request
from tests.components.pictures import png
from workers_ai import BuiltIn, Chunk, Client, Parameters, PromptRequest, Reply, read_image

PLAIN = Settings(parameters=Parameters())


def picture(width: int) -> Picture:
    return Picture(f"{width}.png", read_image(png(width, 20)))


def answered(text: str, answer: str, *pictures: Picture, begun: str = "") -> Turn:
    """Return a turn with an answer that has ended."""
    reply = Reply(Client(BuiltIn()), PromptRequest(prompt="x"))
    reply._grow(answer)
    reply._end("done", Chunk())
    return Turn(text, pictures, [Answer(reply, begun)])


def messages(
    earlier: list[Turn], text: str, pictures: Sequence[Picture] = (), **kwargs: Any
) -> list[tuple[str, list[str]]]:
    """Return role and parts of each message: texts as they are, pictures by their type."""
    kwargs.setdefault("settings", PLAIN)
    body = next_request(earlier, Turn(text, tuple(pictures)), **kwargs).body()
    return [
        (message["role"], [part.get("text", part["type"]) for part in message["content"]])
        for message in body["messages"]
    ]


def test_the_first_message_is_sent_alone() -> None:
    assert messages([], "Hello") == [("user", ["Hello"])]
    assert set(next_request([], Turn("Hello"), settings=PLAIN).body()) == {"messages"}


def test_a_new_session_streams_and_sends_nothing_else() -> None:
    body = next_request([], Turn("Hello"), settings=Settings()).body()

    assert {name: body[name] for name in body if name != "messages"} == {"stream": True}


def test_turns_alternate_in_order() -> None:
    turns = [answered("a", "A"), answered("b", "B")]

    assert messages(turns, "c") == [
        ("user", ["a"]),
        ("assistant", ["A"]),
        ("user", ["b"]),
        ("assistant", ["B"]),
        ("user", ["c"]),
    ]


def test_a_turn_without_an_answer_is_left_out() -> None:
    turns = [answered("a", ""), answered("b", "B"), answered("c", "")]

    assert messages(turns, "d") == [("user", ["b"]), ("assistant", ["B"]), ("user", ["d"])]


def test_the_last_answer_of_a_turn_counts() -> None:
    turn = answered("a", "First")
    turn.answers += answered("", "Second").answers

    assert messages([turn], "b")[1] == ("assistant", ["Second"])


def test_an_answer_that_was_continued_is_sent_whole() -> None:
    assert messages([answered("a", " end", begun="The")], "b")[1] == ("assistant", ["The end"])


def test_pictures_stay_with_their_message_in_order_before_the_text() -> None:
    turns = [answered("a", "A", picture(20), picture(21))]
    sent = next_request(turns, Turn("b", (picture(22),)), settings=PLAIN).body()["messages"]

    assert [part["type"] for part in sent[0]["content"]] == ["image_url", "image_url", "text"]
    assert [part["type"] for part in sent[2]["content"]] == ["image_url", "text"]
    urls = [part["image_url"]["url"] for part in sent[0]["content"][:2]]
    assert urls == [picture(20).image.data_uri, picture(21).image.data_uri]


def test_a_picture_alone_has_no_empty_text_beside_it() -> None:
    assert messages([], "", [picture(20)]) == [("user", ["image_url"])]


@pytest.mark.parametrize("system", ["", "  ", "\n\t"])
def test_a_blank_system_prompt_is_not_sent(system: str) -> None:
    assert messages([], "a", settings=Settings(system=system)) == [("user", ["a"])]


def test_the_system_prompt_goes_first_as_it_was_written() -> None:
    settings = Settings(system=" Be brief.\n")
    assert messages([answered("a", "A")], "b", settings=settings)[0] == ("system", [" Be brief.\n"])


def test_a_server_is_told_to_go_on_and_the_built_in_model_just_does() -> None:
    told = messages([], "a", settings=PLAIN, begun="Once")
    assert [role for role, _ in told] == ["user", "assistant", "user"]
    assert told[1] == ("assistant", ["Once"])
    assert told[2][1][0]

    assert messages([], "a", settings=PLAIN, begun="Once", prefills=True) == told[:2]


def test_the_prompt_form_sends_the_text_alone() -> None:
    settings = Settings(form="prompt", system="Not sent", parameters=Parameters(raw=True, top_k=3))
    body = next_request([answered("a", "A")], Turn("b"), settings=settings).body()

    assert body == {"prompt": "b", "raw": True, "top_k": 3}


def test_the_prompt_form_goes_on_from_what_was_begun() -> None:
    settings = Settings(form="prompt", parameters=Parameters())

    assert next_request([], Turn("a"), settings=settings, begun="b").body() == {"prompt": "ab"}


def test_an_empty_prompt_is_refused() -> None:
    with pytest.raises(ValidationError):
        next_request([], Turn(""), settings=Settings(form="prompt"))


def test_lora_goes_by_name_and_only_if_there_is_one() -> None:
    assert next_request([], Turn("a"), settings=Settings(lora="mine")).body()["lora"] == "mine"
    assert "lora" not in next_request([], Turn("a"), settings=Settings()).body()


def test_every_parameter_travels() -> None:
    given = {
        "max_tokens": 7,
        "temperature": 0.0,
        "top_p": 2.0,
        "top_k": 50,
        "seed": 9_999_999_999,
        "repetition_penalty": 0.0,
        "frequency_penalty": 2.0,
        "presence_penalty": 0.5,
        "stream": False,
        "raw": True,
    }
    settings = Settings(parameters=Parameters(**given))  # type: ignore[arg-type]
    body = next_request([], Turn("a"), settings=settings).body()

    del body["messages"]
    assert body == given
