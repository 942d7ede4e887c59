"""Answers on the page: text, figures, endings, and what can be done next."""

import pytest

from components.chat import send_message
from tests.components.conftest import OpenTab
from tests.components.tab import Tab
from tests.wire_server import Answer, WireServer


def test_an_answer_says_who_made_it_and_how_it_ended(tab: Tab) -> None:
    tab.ask("What does top_k do?")

    assert "top_k" in tab.answer
    assert "Built-in" in tab.answer
    assert "not Gemma" in tab.answer
    assert "tokens" in tab.answer
    assert "complete" in tab.answer


def test_the_submit_itself_shows_the_answer(tab: Tab) -> None:
    tab.submit("What does top_k do?")

    assert "complete" in tab.answer
    assert tab.turn.answer.text.split(". ")[0] in tab.answer


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (Answer.stream(["Hel", "lo"]), "complete"),
        (Answer.stream(["Hel", "lo"], done=False), "ended early"),
        (Answer.json("Hello"), "complete"),
        (Answer.stream_openai(["Hel", "lo"]), "complete"),
        (Answer.stream_openai(["Hel", "lo"], finish_reason="length"), "cut"),
        (Answer.stream(["Hel", "lo"]).with_line_ends("\r\n").cut(1), "complete"),
    ],
)
def test_every_form_of_answer_is_shown(
    cloud: Tab, operator: WireServer, answer: Answer, ending: str
) -> None:
    operator.script(answer)
    cloud.ask("Say hello")

    assert "Hello" in cloud.answer
    assert ending in cloud.answer
    assert "gemma-3-12b-it" in cloud.answer


def test_events_that_could_not_be_read_are_counted(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.events({"response": "a"}, b"data: {oops\n\n", {"response": "b"}))
    cloud.ask("Hello")

    assert "ab" in cloud.answer
    assert "1 event" in cloud.answer


def test_an_empty_answer_is_reported_as_empty(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.events())
    cloud.ask("Hello")

    assert "empty" in cloud.answer
    cloud.ask("Hello again")
    assert [m["role"] for m in operator.requests[1].json()["messages"]] == ["user"]


def test_the_text_of_a_model_is_not_drawn_as_markup(cloud: Tab, operator: WireServer) -> None:
    hostile = "<b>x</b> ![leak](http://evil.invalid/?q=1) :red[y] $5 and $6 [z](javascript:1)"
    operator.script(Answer.stream([hostile]))
    cloud.ask("Hello")

    drawn = cloud.at.chat_message[-1].markdown[0].value
    assert "evil.invalid" in drawn
    assert "\\!" in drawn
    assert ":red[" not in drawn
    assert "javascript:" not in drawn
    assert not cloud.at.chat_message[-1].markdown[0].allow_html


# Cut off


def test_the_built_in_model_is_cut_off_and_continues_in_place(tab: Tab) -> None:
    tab.set("toggle", "max_tokens_sent", value=True)
    tab.set("text_input", "max_tokens_text", "12")
    tab.ask("What does temperature do?")
    half = tab.turn.answer.text
    assert "12 tokens" in tab.answer
    tab.set("text_input", "max_tokens_text", "400")
    tab.click("Continue")
    tab.settled()

    whole = tab.turn.answer.text
    assert whole.startswith(half)
    assert len(whole) > len(half) + 50
    assert len(tab.session.conversation.turns) == 1
    assert whole.split("\n\n")[0].strip() in tab.answer
    assert half[:30] not in whole[30:], "the first half is not repeated"
    assert tab.body["messages"][-1] == {
        "role": "assistant",
        "content": [{"type": "text", "text": half}],
    }


def test_raise_and_retry_asks_again_with_four_times_the_limit(tab: Tab) -> None:
    tab.set("toggle", "max_tokens_sent", value=True)
    tab.set("text_input", "max_tokens_text", "100")
    tab.set("toggle", "temperature_sent", value=True)
    tab.set("text_input", "temperature_text", "5")
    tab.ask("What does temperature do?")
    tab.settled()
    assert "Raise and retry" in [button.label for button in tab.at.button]
    tab.click("Raise and retry")
    tab.settled()

    assert tab.body["max_tokens"] == 400
    assert tab.at.text_input(key="max_tokens_text").value == "400"
    assert len(tab.body["messages"]) == 1


def test_without_max_tokens_the_documented_256_is_the_limit(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(Answer.stream(["word "] * 256), Answer.stream(["and", " more"]))
    cloud.ask("Tell me a lot")
    assert "256 tokens" in cloud.answer
    cloud.click("Raise and retry")
    cloud.settled()

    assert operator.requests[1].json()["max_tokens"] == 1024
    assert "and more" in cloud.answer


def test_a_server_is_asked_to_continue_in_roles_that_alternate(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(Answer.stream(["word "] * 256), Answer.stream(["and", " more"]))
    cloud.ask("Tell me a lot")
    cloud.click("Continue")
    cloud.settled()

    sent = operator.requests[1].json()["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    assert sent[1]["content"][0]["text"] == "word " * 256
    assert cloud.turn.answer.text == "word " * 256 + "and more"
    cloud.ask("Thanks")
    sent = operator.requests[2].json()["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    assert sent[1]["content"][0]["text"] == "word " * 256 + "and more"


# Running, stopped, asked again


def begin(tab: Tab, operator: WireServer, writes: int) -> None:
    """Ask without following the answer; wait for more than `writes` writes by the server."""
    assert send_message.ask(tab.session, "Tell me")
    assert operator.until(lambda s: bool(s.requests) and len(s.requests[-1].sent) > writes)


def test_stop_keeps_the_text_and_the_next_message_is_sent_immediately(
    cloud: Tab, operator: WireServer
) -> None:
    held = Answer.stream(["Half", " a", " word"]).broken(3, "hold")
    operator.script(held, Answer.stream(["Ok"]))
    begin(cloud, operator, 3)
    assert cloud.turn.answer.reply.wait(2, 1)
    cloud.click("stop-button")

    assert operator.until(lambda server: bool(server.closed_by_client), 1)
    assert "Half a word" in cloud.answer
    assert "stopped" in cloud.answer
    cloud.ask("Next")
    assert cloud.turn.answer.text == "Ok"
    sent = operator.requests[-1].json()["messages"]
    assert sent[1]["content"][0]["text"] == "Half a word"


def test_stop_works_before_the_first_byte_and_from_a_second_tab(
    cloud: Tab, operator: WireServer, open_tab: OpenTab
) -> None:
    operator.script(Answer.stream(["late"]).after(30))
    begin(cloud, operator, -1)
    other = open_tab(c=cloud.session.conversation.id)
    other.click("stop-button")

    assert operator.until(lambda server: bool(server.closed_by_client), 1)
    cloud.run()
    assert "stopped" in cloud.answer
    assert "stopped" in other.answer


def test_a_running_answer_is_shown_by_a_new_tab(
    cloud: Tab, operator: WireServer, open_tab: OpenTab
) -> None:
    operator.script(Answer.stream(["Half", " a", " word"]).broken(3, "hold"))
    begin(cloud, operator, 3)
    assert cloud.turn.answer.reply.wait(2, 1)
    other = open_tab(c=cloud.session.conversation.id)

    assert "Half a word" in other.answer
    assert "complete" not in other.answer


def test_nobody_can_ask_while_an_answer_runs(
    cloud: Tab, operator: WireServer, open_tab: OpenTab
) -> None:
    operator.script(Answer.stream(["Half"]).broken(1, "hold"))
    begin(cloud, operator, 1)
    other = open_tab(c=cloud.session.conversation.id)
    for tab in (cloud, other):
        tab.submit("Me too")
        proto = tab.at.chat_input(key="message").proto
        assert tab.toasts
        assert (proto.set_value, proto.value) == (True, "Me too")

    assert len(operator.requests) == 1
    assert [turn.question.text for turn in cloud.session.conversation.turns] == ["Tell me"]


def test_ask_again_sends_the_same_and_keeps_the_earlier_answer(
    cloud: Tab, operator: WireServer
) -> None:
    operator.script(Answer.stream(["One"]), Answer.stream(["Two"]))
    cloud.ask("Tell me")
    cloud.set("toggle", "seed_sent", value=True)
    send_message.regenerate(cloud.session, cloud.turn)
    cloud.settled()

    assert operator.requests[0].json()["messages"] == operator.requests[1].json()["messages"]
    assert operator.requests[1].json()["seed"] == 42
    variants = cloud.session.conversation.variants(cloud.turn.answer)
    assert [answer.text for answer in variants] == ["One", "Two"]
    assert "Two" in cloud.answer


def test_the_conversation_is_sent_in_order(cloud: Tab, operator: WireServer) -> None:
    operator.script(Answer.stream(["One"]), Answer.stream(["Two"]), Answer.stream(["Three"]))
    for text in ("a", "b", "c"):
        cloud.ask(text)

    sent = operator.requests[2].json()["messages"]
    assert [part["content"][0]["text"] for part in sent] == ["a", "One", "b", "Two", "c"]
    assert [text.value for text in cloud.at.text] == ["a", "b", "c"]


def test_new_chat_sends_nothing_of_the_old_one(cloud: Tab, operator: WireServer) -> None:
    cloud.ask("The secret plan")
    old = cloud.link["c"]
    cloud.click("New chat")
    assert "The secret plan" not in cloud.everything
    assert "c" not in cloud.link
    cloud.ask("Hello")
    assert cloud.link["c"] != old

    assert b"secret plan" not in operator.requests[1].body
