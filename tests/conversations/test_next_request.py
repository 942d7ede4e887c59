"""Building the next request from a conversation."""

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from conversations import (
    Answer,
    Picture,
    Question,
    Settings,
    Turn,
    estimated_tokens,
    next_request,
    to_messages,
)
from conversations.next_request import CONTINUE_PROMPT, alternating
from tests.conversations.talk import answer, picture
from workers_ai import Message, Parameters, TextPart

PLAIN = Settings(parameters=Parameters())


def answered(question: str, said: str, *pictures: Picture) -> Turn:
    """Return a turn with an answer that has ended."""
    return Turn(Question(question, pictures), answer(said))


def messages(
    earlier: Sequence[Turn], text: str, pictures: Sequence[Picture] = (), **kwargs: Any
) -> list[tuple[str, list[str]]]:
    """Return the role and parts of each message: texts as they are, pictures by their type."""
    kwargs.setdefault("settings", PLAIN)
    body = next_request(earlier, Question(text, tuple(pictures)), **kwargs).body()
    return [
        (message["role"], [part.get("text", part["type"]) for part in message["content"]])
        for message in body["messages"]
    ]


def test_the_first_message_is_sent_alone() -> None:
    assert messages([], "Hello") == [("user", ["Hello"])]
    assert set(next_request([], Question("Hello"), settings=PLAIN).body()) == {"messages"}


def test_a_new_session_streams_and_sends_nothing_else() -> None:
    body = next_request([], Question("Hello"), settings=Settings()).body()

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


def test_a_question_alone_is_left_out() -> None:
    assert messages([Turn(Question("a"))], "b") == [("user", ["b"])]


def test_a_question_whose_answer_was_deleted_is_sent_with_the_next_one() -> None:
    turns = [Turn(Question("a"), answer_deleted=True), answered("b", "B")]

    assert messages(turns, "c") == [
        ("user", ["a", "b"]),
        ("assistant", ["B"]),
        ("user", ["c"]),
    ]


def test_an_answer_whose_question_was_deleted_is_joined_to_the_one_before() -> None:
    turns = [answered("a", "A"), Turn(None, answer("B")), answered("c", "C")]

    assert messages(turns, "d") == [
        ("user", ["a"]),
        ("assistant", ["A", "B"]),
        ("user", ["c"]),
        ("assistant", ["C"]),
        ("user", ["d"]),
    ]


def test_an_answer_before_the_first_question_is_left_out() -> None:
    turns = [Turn(None, answer("A")), Turn(None, answer("B")), answered("c", "C")]

    assert messages(turns, "d") == [("user", ["c"]), ("assistant", ["C"]), ("user", ["d"])]
    assert messages(turns[:2], "d") == [("user", ["d"])]


def test_joining_keeps_pictures_in_their_places() -> None:
    turns = [Turn(Question("a", (picture(20),)), answer_deleted=True)]

    assert messages(turns, "b", [picture(21)]) == [("user", ["image_url", "a", "image_url", "b"])]


def test_joining_changes_no_message_that_it_was_given() -> None:
    turns = [Turn(Question("a"), answer_deleted=True), Turn(Question("b"), answer_deleted=True)]
    before = to_messages(turns)

    joined = alternating(before)

    assert [len(each.parts) for each in joined] == [2]
    assert [len(each.parts) for each in before] == [1, 1]
    assert to_messages(turns) == before


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        ("", ""),
        ("u", "u"),
        ("a", ""),
        ("aau", "u"),
        ("uua", "ua"),
        ("uaau", "uau"),
        ("auuaauu", "uau"),
    ],
)
def test_roles_alternate_and_a_person_begins(roles: str, found: str) -> None:
    names = {"u": "user", "a": "assistant"}
    given = [
        Message(role=names[each], content=[TextPart(text=str(at))]) for at, each in enumerate(roles)
    ]

    joined = alternating(given)

    assert "".join(each.role[0] for each in joined) == found
    first = roles.find("u")
    kept = [part for each in given[first:] for part in each.parts] if first >= 0 else []
    assert [part for each in joined for part in each.parts] == kept


def test_an_answer_that_was_continued_is_sent_whole() -> None:
    whole = answer("The end", begun=3)
    turn = Turn(Question("a"), Answer(whole.record, whole.progress, begun="The"))

    assert messages([turn], "b")[1] == ("assistant", ["The end"])


def test_pictures_stay_with_their_message_in_order_before_the_text() -> None:
    turns = [answered("a", "A", picture(20), picture(21))]
    sent = next_request(turns, Question("b", (picture(22),)), settings=PLAIN).body()["messages"]

    assert [part["type"] for part in sent[0]["content"]] == ["image_url", "image_url", "text"]
    assert [part["type"] for part in sent[2]["content"]] == ["image_url", "text"]
    urls = [part["image_url"]["url"] for part in sent[0]["content"][:2]]
    assert urls == [picture(20).image.data_uri, picture(21).image.data_uri]


def test_a_picture_alone_has_no_empty_text_next_to_it() -> None:
    assert messages([], "", [picture(20)]) == [("user", ["image_url"])]


@pytest.mark.parametrize("system", ["", "  ", "\n\t"])
def test_a_blank_system_prompt_is_not_sent(system: str) -> None:
    assert messages([], "a", settings=Settings(system=system)) == [("user", ["a"])]


def test_the_system_prompt_goes_first_as_it_was_written() -> None:
    settings = Settings(system=" Be brief.\n")
    assert messages([answered("a", "A")], "b", settings=settings)[0] == ("system", [" Be brief.\n"])


def test_names_in_the_system_prompt_are_replaced_with_their_values() -> None:
    settings = Settings(system="Be {{how}}, {{ who }}.", variables={"how": "brief", "who": ""})

    assert messages([], "{{how}}", settings=settings) == [
        ("system", ["Be brief, {{ who }}."]),
        ("user", ["{{how}}"]),
    ]


def test_a_system_prompt_that_becomes_blank_is_not_sent() -> None:
    assert messages([], "a", settings=Settings(system="{{x}}", variables={"x": " "})) == [
        ("user", ["a"])
    ]


def test_a_server_is_asked_to_continue_and_the_built_in_model_just_does() -> None:
    told_to = messages([], "a", begun="Once")
    assert told_to == [("user", ["a"]), ("assistant", ["Once"]), ("user", [CONTINUE_PROMPT])]

    assert messages([], "a", begun="Once", prefills=True) == told_to[:2]


def test_a_prefill_is_sent_only_to_backends_that_support_it() -> None:
    settings = Settings(prefill="Well, ")

    assert messages([], "a", settings=settings) == [("user", ["a"])]
    assert messages([], "a", settings=settings, prefills=True) == [
        ("user", ["a"]),
        ("assistant", ["Well, "]),
    ]


def test_what_was_begun_already_comes_before_how_it_is_made_to_begin() -> None:
    settings = Settings(prefill="Well, ")

    assert messages([], "a", settings=settings, begun="Well, yes", prefills=True) == [
        ("user", ["a"]),
        ("assistant", ["Well, yes"]),
    ]


def test_the_prompt_form_sends_the_text_alone() -> None:
    settings = Settings(form="prompt", system="Not sent", parameters=Parameters(raw=True, top_k=3))
    body = next_request([answered("a", "A")], Question("b"), settings=settings).body()

    assert body == {"prompt": "b", "raw": True, "top_k": 3}


def test_the_prompt_form_continues_from_the_begun_answer() -> None:
    settings = Settings(form="prompt", parameters=Parameters())

    assert next_request([], Question("a"), settings=settings, begun="b").body() == {"prompt": "ab"}


def test_an_empty_prompt_is_refused() -> None:
    with pytest.raises(ValidationError):
        next_request([], Question(""), settings=Settings(form="prompt"))


def test_lora_goes_by_name_and_only_if_there_is_one() -> None:
    assert next_request([], Question("a"), settings=Settings(lora="mine")).body()["lora"] == "mine"
    assert "lora" not in next_request([], Question("a"), settings=Settings()).body()


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
    body = next_request([], Question("a"), settings=settings).body()

    del body["messages"]
    assert body == given


def test_the_prompt_form_continues_from_the_prefill() -> None:
    settings = Settings(form="prompt", prefill="So: ", parameters=Parameters())

    assert next_request([], Question("a"), settings=settings).body() == {"prompt": "aSo: "}


def test_an_estimate_grows_with_all_that_is_sent() -> None:
    plain = [answered("a few words", "and a few more")]
    pictured = [answered("a few words", "and a few more", picture())]

    assert estimated_tokens([], PLAIN) == 0
    assert 0 < estimated_tokens(plain, PLAIN) < 40
    assert estimated_tokens(plain * 2, PLAIN) == 2 * estimated_tokens(plain, PLAIN)
    assert estimated_tokens(plain, Settings(system="Be brief.")) > estimated_tokens(plain, PLAIN)
    assert estimated_tokens(pictured, PLAIN) >= estimated_tokens(plain, PLAIN) + 200
    assert estimated_tokens(plain, Settings(form="prompt")) == 0
    assert estimated_tokens([], Settings(system=" ")) == 0
