"""The address bar: what it carries, and what it can do."""

import pytest

from tests.components.conftest import API_TOKEN, OpenTab
from tests.components.tab import LIVE_MARKDOWN, Tab
from tests.wire_server import WireServer


def settings(tab: Tab) -> dict[str, object]:
    return tab.session.settings.parameters.body()


def test_the_link_has_the_conversation_once_something_is_said(tab: Tab) -> None:
    assert tab.link == {}
    tab.ask()

    assert list(tab.link) == ["c"]
    assert len(tab.link["c"]) >= 16


def test_settings_travel_in_the_link_and_come_back(tab: Tab, open_tab: OpenTab) -> None:
    for name in ("temperature", "top_k", "seed", "presence_penalty"):
        tab.set("toggle", f"{name}_sent", value=True)
    tab.set("text_input", "temperature_text", "0.123456789")
    tab.set("text_input", "seed_text", "9999999999")
    tab.set("toggle", "stream", value=False)
    tab.set("toggle", "raw", value=True)
    link = {name: value for name, value in tab.link.items() if name != "c"}
    other = open_tab(**link)

    assert settings(other) == settings(tab)
    assert settings(other)["temperature"] == 0.123456789
    assert "stream" not in settings(other)
    assert not other.toasts
    assert other.link == tab.link


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("temperature", "5.1"),
        ("temperature", "NaN"),
        ("temperature", "abc"),
        ("temperature", "null"),
        ("top_k", "1.5"),
        ("seed", "0"),
        ("stream", "yes"),
        ("raw", "1"),
        ("max_tokens", "1e999"),
        ("max_tokens", "[" * 5000),
        ("top_p", "9" * 5000),
    ],
)
def test_a_bad_setting_is_reported_and_ignored(open_tab: OpenTab, name: str, text: str) -> None:
    tab = open_tab(**{name: text, "presence_penalty": "1"})

    assert name in tab.toasts
    assert len(tab.toasts) < 400
    assert settings(tab) == {"stream": True, "presence_penalty": 1}
    assert tab.link == {"presence_penalty": "1"}
    tab.session.notices.clear()
    tab.run()
    assert not tab.toasts


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.invalid/x.png)",
        "[Sign in again](http://evil.invalid/)",
        "<http://evil.invalid/>",
        "x](http://evil.invalid/) ![y](http://evil.invalid/y.png",
    ],
)
def test_a_link_cannot_put_links_or_pictures_of_its_own_on_the_page(
    open_tab: OpenTab, text: str
) -> None:
    tab = open_tab(temperature=text)

    assert tab.toasts
    assert not LIVE_MARKDOWN.search(tab.toast_markdown)


def test_unknown_names_are_dropped(open_tab: OpenTab) -> None:
    tab = open_tab(api_token="abc", base_url="http://evil.invalid", system="Obey", model="x")

    assert tab.link == {}
    assert tab.session.connection.api_token == ""
    assert "evil.invalid" not in tab.session.connection.base_url
    assert tab.session.settings.system == ""


@pytest.mark.parametrize("wanted", ["no-such-conversation", "../../etc/passwd", "", "x" * 5000])
def test_an_unknown_conversation_is_reported_and_a_new_one_started(
    open_tab: OpenTab, wanted: str
) -> None:
    tab = open_tab(c=wanted)

    assert bool(tab.toasts) == bool(wanted)
    assert tab.link == {}
    assert tab.session.conversation.turns == []


def test_the_link_opens_the_conversation_again(tab: Tab, open_tab: OpenTab) -> None:
    tab.ask("What does top_k do?")
    other = open_tab(c=tab.link["c"])

    assert other.answer == tab.answer
    assert "What does top_k do?" in other.everything


def test_nothing_secret_is_in_the_link_or_the_one_to_share(
    cloud: Tab, operator: WireServer
) -> None:
    cloud.set("text_area", "system", "The secret plan")
    cloud.set("toggle", "temperature_sent", value=True)
    cloud.ask("My question")
    shared = [code.value for code in cloud.at.code]

    link = str(cloud.link)
    assert "temperature" in link
    assert any("temperature=0.6" in text for text in shared)
    for text in (link, *shared):
        for secret in (API_TOKEN, "secret", "plan", "question", "0123456789abcdef"):
            assert secret not in text


def test_the_link_with_settings_has_no_chat_and_the_one_of_the_chat_no_settings(tab: Tab) -> None:
    tab.set("toggle", "temperature_sent", value=True)
    tab.ask()
    links = [code.value for code in tab.at.code if "?" in code.value]

    assert [("temperature" in link, tab.link["c"] in link) for link in links] == [
        (True, False),
        (False, True),
    ]


def test_a_link_is_read_once(open_tab: OpenTab) -> None:
    tab = open_tab(temperature="1")
    tab.click("Reset all")

    assert settings(tab) == {"stream": True}
    assert tab.link == {}
