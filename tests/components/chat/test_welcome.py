"""An empty chat, long chats, and the Guide page."""

import pytest

from backends import load_guide
from components.chat import send_message
from components.chat.transcript import SLOTS, slot_of_last_turn
from components.chat.welcome import EXAMPLES, PICTURE_QUESTION
from conversations import Answer, Question
from tests.components.conftest import OpenTab
from tests.components.tab import Tab
from tests.wire_server import WireServer


def test_an_empty_page_offers_questions_and_a_picture(tab: Tab) -> None:
    labels = {button.label for button in tab.at.button}

    assert set(EXAMPLES) <= labels
    assert len(EXAMPLES) == 4
    assert PICTURE_QUESTION in tab.everything


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_is_asked_by_one_click(cloud: Tab, operator: WireServer, number: int) -> None:
    cloud.click(f"example-{number}")
    cloud.settled()

    content = operator.requests[0].json()["messages"][0]["content"]
    assert content == [{"type": "text", "text": EXAMPLES[number]}]
    assert not cloud.has("example-0")


def test_the_sample_picture_is_asked_about_by_one_click(tab: Tab) -> None:
    tab.click("example-picture")
    tab.settled()

    parts = tab.body["messages"][0]["content"]
    assert [part["type"] for part in parts] == ["image_url", "text"]
    assert tab.turn.answer.text


def test_without_an_account_an_example_says_what_is_missing(
    open_tab: OpenTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CABOCHON_BACKEND", "cloudflare")
    tab = open_tab()
    tab.click("example-0")

    assert "token" in tab.toasts
    assert tab.has("example-0")


def test_a_long_chat_is_drawn_from_its_end(cloud: Tab, operator: WireServer) -> None:
    cloud.ask("Question 0.")
    conversation, settings = cloud.session.conversation, cloud.session.settings
    count = cloud.session.shown + 4
    for number in range(1, count):
        conversation.add(question := Question(f"Question {number}.", parent=conversation.leaf))
        conversation.add(answer := Answer.by_hand("So.", settings, question.id))
        conversation.show(answer.id)
    cloud.run()
    drawn = [text.value for text in cloud.at.text]
    assert drawn == [f"Question {number}." for number in range(4, count)]
    [earlier] = [button for button in cloud.at.button if "4" in button.label]
    earlier.click()
    cloud.run()

    assert len(cloud.at.text) == count
    cloud.ask("Last")
    assert len(operator.requests[-1].json()["messages"]) == count * 2 + 1


def test_more_turns_than_slots_are_all_drawn(cloud: Tab) -> None:
    for number in range(SLOTS + 2):
        assert send_message.ask(cloud.session, f"Question {number}.")
        *_, _ = cloud.turn.answer.reply.updates()
        assert (slot_of_last_turn(cloud.session) is None) is (number >= SLOTS)

    cloud.session.shown = SLOTS + 2
    cloud.run()
    assert [text.value for text in cloud.at.text] == [f"Question {n}." for n in range(SLOTS + 2)]


def test_the_guide_shows_every_passage_and_finds_by_words(tab: Tab) -> None:
    tab.at.switch_page("guide.py")
    tab.run()
    passages = load_guide()
    shown = [element.value for element in tab.at.main.markdown]
    assert len(shown) == len(passages) > 20
    tab.set("text_input", "guide_search", "TOP_K temperature")
    found = [element.value.lower() for element in tab.at.main.markdown]

    assert 0 < len(found) < len(passages)
    assert all("k" in text for text in found)
    tab.set("text_input", "guide_search", "no such words anywhere")
    assert not tab.at.main.markdown
    assert tab.at.info
