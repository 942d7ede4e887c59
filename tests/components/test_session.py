"""Two tabs: each sees only its own."""

from components.chat import send_message
from tests.components.conftest import API_TOKEN, OpenTab
from tests.components.pictures import png
from tests.components.tab import Tab
from tests.wire_server import WireServer

TYPED = "cfut_typed-canary-41d7"


def test_two_sessions_see_nothing_of_each_other(operator: WireServer, open_tab: OpenTab) -> None:
    one, two = open_tab(), open_tab()
    one.set("text_area", "system", "Only in one")
    one.set("toggle", "temperature_sent", value=True)
    one.set("toggle", "show_request", value=True)
    one.submit("Mine alone", {"mine.png": png(40, 30), "bad.png": b""})
    one.ask("Mine alone")
    two.run()

    assert two.session.conversation.turns == []
    assert two.session.settings.parameters.body() == {"stream": True}
    assert two.session.settings.system == ""
    assert two.session.pending == []
    assert not two.toasts
    for text in ("Mine alone", "Only in one", "mine.png", one.link["c"]):
        assert text not in two.sent_to_browser
    two.ask("Yours")
    body = operator.requests[-1].body
    assert b"Mine" not in body
    assert b"Only in one" not in body
    assert b"temperature" not in body


def test_a_typed_token_stays_in_its_session(operator: WireServer, open_tab: OpenTab) -> None:
    one, two = open_tab(), open_tab()
    one.session.connection.api_token = TYPED
    one.ask("One")
    two.ask("Two")

    sent = [request.headers["authorization"] for request in operator.requests]
    assert sent == [f"Bearer {TYPED}", f"Bearer {API_TOKEN}"]


def test_sharing_a_conversation_shares_no_token_and_no_settings(
    operator: WireServer, open_tab: OpenTab
) -> None:
    one = open_tab()
    one.session.connection.api_token = TYPED
    one.set("toggle", "seed_sent", value=True)
    one.ask("One")
    two = open_tab(c=one.link["c"], browser="o" * 32)
    assert "One" in two.everything
    assert TYPED not in two.sent_to_browser
    assert two.session.settings.parameters.body() == {"stream": True}
    two.click("Continue in a copy")
    two.click("Reset all")
    two.ask("Two")

    assert operator.requests[-1].headers["authorization"] == f"Bearer {API_TOKEN}"
    assert "seed" not in operator.requests[-1].json()
    assert len(operator.requests[-1].json()["messages"]) == 3


def test_retrying_in_a_shared_conversation_uses_the_own_token(
    operator: WireServer, open_tab: OpenTab
) -> None:
    one = open_tab()
    one.session.connection.api_token = TYPED
    one.ask("One")
    two = open_tab(c=one.link["c"])
    send_message.regenerate(two.session, two.turn)
    two.settled()

    assert operator.requests[-1].headers["authorization"] == f"Bearer {API_TOKEN}"


def test_a_notice_outlives_the_runs_that_follow_immediately(tab: Tab) -> None:
    tab.session.notice("It costs $5 and $6")
    tab.run()
    assert "It costs $5 and $6" in tab.toasts
    assert "costs $5" not in tab.toast_markdown, "two dollar signs would be read as math"
    tab.run()
    assert "It costs $5 and $6" in tab.toasts, "what a run leaves out, the page drops"
    tab.session.notices[0].ends = 0
    tab.run()

    assert not tab.toasts
