"""Two tabs on one chat, and how full the window is."""

from components.chat import send_message
from tests.components.conftest import OpenTab
from tests.components.tab import Tab
from tests.wire_server import Answer, WireServer


def test_an_idle_tab_shows_what_another_one_adds(tab: Tab, open_tab: OpenTab) -> None:
    tab.ask("What does top_k do?")
    other = open_tab(**tab.link)
    tab.ask("And temperature?")
    assert len(other.session.conversation.turns) == 1
    other.run()

    assert "And temperature?" in other.everything
    assert other.answer == tab.answer


def test_what_two_tabs_add_is_all_there(tab: Tab, open_tab: OpenTab) -> None:
    tab.ask("What does top_k do?")
    other = open_tab(**tab.link)
    other.set("select_slider", "pace", "Unpaced")
    tab.ask("And temperature?")
    other.ask("And seed?")
    questions = {
        node.text
        for node in open_tab(**tab.link).session.conversation.nodes.values()
        if not hasattr(node, "record")
    }

    assert questions == {"What does top_k do?", "And temperature?", "And seed?"}


def test_a_second_tab_cannot_ask_while_the_first_is_answered(
    cloud: Tab, operator: WireServer, open_tab: OpenTab
) -> None:
    cloud.ask("a")
    other = open_tab(**cloud.link)
    operator.script(Answer.stream(["Half"]).broken(1, "hold"))
    assert send_message.ask(cloud.session, "b")
    other.submit("Me too")

    assert "still being written" in other.toasts
    assert other.at.chat_input(key="message").proto.value == "Me too"
    assert len(operator.requests) == 2


def test_the_meter_counts_pictures_and_warns_when_the_window_is_nearly_full(
    cloud: Tab, operator: WireServer
) -> None:
    assert "about 0 of 80,000 tokens" in cloud.everything
    operator.script(Answer.stream(["word " * 40]), Answer.stream(["word " * 60_000]))
    cloud.ask("a")
    assert "about 61 of 80,000 tokens" in cloud.everything
    cloud.ask("b")

    assert "% full" in cloud.everything
