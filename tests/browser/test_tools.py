"""Tools in Chromium: defined by form, called, answered; also described in the prompt."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.accessibility import faults
from tests.browser.acting import rested, send

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(profile: Callable[..., Any], built_in_app: str) -> Callable[..., Any]:
    def opened(width: int = 1280, scheme: str = "light") -> Any:
        tab = profile(width, 1000, color_scheme=scheme).new_page()
        tab.goto(f"{built_in_app}/tools")
        tab.get_by_role("button", name="Add a tool").wait_for()
        return tab

    return opened


def add(tab: Any, choice: str) -> None:
    tab.get_by_role("button", name="Add a tool").click()
    tab.get_by_role("menuitem", name=choice, exact=True).click()
    rested(tab)


def fill(tab: Any, label: str, text: str) -> None:
    box = tab.get_by_label(label, exact=True).last
    box.fill(text)
    box.press("Tab")
    rested(tab)


def define_weather(tab: Any) -> None:
    """Define a tool with the form alone."""
    add(tab, "New tool")
    fill(tab, "Name", "get_weather")
    fill(tab, "Description", "Get the current weather in a city.")
    tab.get_by_role("button", name="Add a property").click()
    fill(tab, "Name of field", "city")
    fill(tab, "Description of city", "The city, such as Paris.")
    tab.get_by_text("required", exact=True).click()
    rested(tab)
    tab.get_by_text("valid").first.wait_for()


def to_the_chat(tab: Any, question: str) -> None:
    tab.get_by_role("link", name="Go to chat").click()
    tab.get_by_role("button", name="Chats").wait_for()
    send(tab, question)


def answer_card(tab: Any, at: int, content: str) -> None:
    box = tab.locator(f".st-key-code-content-0-{at} textarea")
    box.wait_for()
    box.fill(content)
    box.press("Tab")
    rested(tab)


def last_answer(tab: Any) -> str:
    tab.get_by_text("complete").nth(1).wait_for()
    return tab.locator(".stChatMessage").last.inner_text()


def test_a_tool_defined_by_form_is_called_answered_and_used(
    open_page: Callable[..., Any],
) -> None:
    tab = open_page()
    define_weather(tab)
    written = json.loads(tab.get_by_label("JSON", exact=True).input_value())
    assert written["parameters"]["required"] == ["city"]
    assert written["parameters"]["properties"]["city"]["description"] == "The city, such as Paris."

    to_the_chat(tab, "What is the weather in Paris?")
    answer_card(tab, 0, "17 degrees and fog")
    assert json.loads(tab.get_by_label("Arguments").input_value()) == {"city": "Paris"}
    tab.get_by_role("button", name="Send the result").click()
    assert "17 degrees and fog" in last_answer(tab)


def test_two_calls_in_parallel_are_answered_together(open_page: Callable[..., Any]) -> None:
    tab = open_page()
    define_weather(tab)
    to_the_chat(tab, "What is the weather in Paris and in Oslo?")
    answer_card(tab, 0, "fog")
    assert tab.get_by_role("button", name="Send results").is_disabled()
    answer_card(tab, 1, "snow")
    tab.get_by_role("button", name="Send results").click()
    answer = last_answer(tab)
    assert "fog" in answer
    assert "snow" in answer


def test_a_tool_described_in_the_prompt_is_called_the_same_way(
    open_page: Callable[..., Any],
) -> None:
    tab = open_page()
    define_weather(tab)
    tab.get_by_text("How tools are offered").click()
    tab.get_by_text("In the prompt", exact=True).click()
    rested(tab)
    tab.get_by_text("Tools described in the prompt").click()
    tab.get_by_text("You have access to the following functions").last.wait_for()
    to_the_chat(tab, "What is the weather in Paris?")
    tab.get_by_text("Recovered from text").wait_for()
    answer_card(tab, 0, "fog")
    tab.get_by_role("button", name="Send the result").click()
    assert "fog" in last_answer(tab)


def test_tools_that_run_automatically_are_counted(open_page: Callable[..., Any]) -> None:
    tab = open_page()
    add(tab, "Example: Weather")
    tab.get_by_text("How tools are offered").click()
    tab.get_by_text("Run tools automatically").click()
    rested(tab)
    to_the_chat(tab, "What is the weather in Paris?")
    tab.get_by_text("round 1/5").wait_for()
    assert "18" in last_answer(tab)


def test_a_draft_that_was_broken_shows_where_and_is_fixed_by_a_click(
    open_page: Callable[..., Any],
) -> None:
    tab = open_page()
    add(tab, "Example: Weather")
    box = tab.get_by_label("JSON", exact=True)
    box.fill(box.input_value().replace('"string"', '"str"', 1))
    box.press("Tab")
    tab.get_by_text("1 error").wait_for()
    tab.get_by_role("button", name="Set type to string").click()
    tab.get_by_text("valid").first.wait_for()
    rested(tab)
    box.fill("{ not JSON")
    box.press("Tab")
    tab.get_by_text("This is not JSON at line 1").first.wait_for()
    tab.get_by_text("Fix the JSON to use the form again.").wait_for()
    tab.get_by_role("button", name="Undo").click()
    tab.get_by_label("Name", exact=True).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_tools_and_calls_are_accessible_and_fit(
    open_page: Callable[..., Any],
    axe: Any,
    width: int,
    scheme: str,
) -> None:
    tab = open_page(width, scheme)
    add(tab, "Example: Calendar")
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.get_by_role("button", name="Ask “").click()
    tab.locator(".st-key-code-content-0-0 textarea").wait_for()
    rested(tab)
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.get_by_role("button", name="Run and send").click()
    tab.get_by_text("complete").nth(1).wait_for()
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
