"""Tuning in Chromium: a sweep stopped, reloaded, resumed; parallel columns; the next token."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.accessibility import faults
from tests.browser.acting import rested
from tests.components.pictures import png

pytestmark = pytest.mark.browser

SIXTY = 60


@pytest.fixture
def open_page(profile: Callable[..., Any], built_in_app: str) -> Callable[..., Any]:
    def opened(width: int = 1280, scheme: str = "light", link: str = "") -> Any:
        tab = profile(width, 1000, color_scheme=scheme).new_page()
        tab.goto(f"{built_in_app}/tuning{link}")
        tab.get_by_role("radiogroup", name="View").wait_for()
        return tab

    return opened


def show(tab: Any, view: str) -> None:
    tab.get_by_role("radiogroup", name="View").get_by_text(view).click()
    rested(tab)


def prompt(tab: Any, text: str) -> None:
    box = tab.get_by_label("Prompt", exact=True)
    box.fill(text)
    box.press("Tab")
    rested(tab)


def answered(tab: Any) -> int:
    text = tab.get_by_text(f" of {SIXTY} answered").inner_text()
    return int(text.split()[0])


def test_sixty_calls_about_a_picture_are_stopped_reloaded_resumed_and_retried(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    # The last value of max_tokens does not fit the context window: those calls fail.
    link = "?axis1=temperature:0,0.5,1,2,5&axis2=max_tokens:8,16,90000&samples=4&seeds=per+sample"
    tab = open_page(link=link)
    picture = tmp_path / "red.png"
    picture.write_bytes(png(40, 30, "red"))
    tab.locator("input[type=file]").set_input_files(picture)
    tab.get_by_text("red.png").first.wait_for()
    prompt(tab, "Which colors has this picture?")
    tab.get_by_role("button", name=f"Start {SIXTY} requests").click()
    tab.get_by_role("button", name="Stop", exact=True).click()
    tab.get_by_role("button", name="Resume").wait_for()
    before = answered(tab)
    assert before < SIXTY
    tab.reload()
    tab.get_by_role("button", name="Resume").wait_for()
    assert answered(tab) == before
    rested(tab)
    tab.get_by_role("button", name="Resume").click()
    tab.get_by_text(f"40 of {SIXTY} answered · 20 failed").wait_for()
    tab.get_by_role("button", name="Resume").wait_for(state="detached")
    rested(tab)
    tab.get_by_role("button", name="Retry failed").click()
    rested(tab)
    tab.get_by_text(f"40 of {SIXTY} answered · 20 failed").wait_for()
    assert tab.locator("[data-testid='stVegaLiteChart']").count() == 2

    rested(tab)
    table = tab.get_by_test_id("stDataFrame").nth(1)
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    tab.mouse.click(box["x"] + 17, box["y"] + 50)
    tab.get_by_role("button", name="Open as a chat").click()
    tab.get_by_test_id("stChatInput").wait_for()
    tab.locator(".stChatMessage").get_by_text("red.png").first.wait_for()
    tab.get_by_text("Ready").wait_for()
    assert tab.get_by_role("radio", name="Built-in").is_checked()
    assert tab.get_by_label("max_tokens, typed").input_value() == "8"


def test_boxes_whose_code_comes_late_show_what_is_set(
    profile: Callable[..., Any], built_in_app: str
) -> None:
    tab = profile().new_page()
    held: list[Any] = []
    tab.route("**/static/js/NumberInput*", lambda route: held.append(route))  # noqa: PLW0108 - a builtin is refused
    tab.goto(f"{built_in_app}/tuning")
    tab.get_by_role("radiogroup", name="View").wait_for()
    prompt(tab, "Why is pizza so good?")
    assert held
    for route in held:
        route.continue_()
    tab.get_by_label("Samples", exact=True).wait_for()

    assert tab.get_by_label("Samples", exact=True).input_value() == "3"
    assert tab.get_by_label("Parallel requests", exact=True).input_value() == "4"
    prompt(tab, "Why is it round?")
    tab.get_by_role("button", name="Start 9 requests").wait_for()


def test_four_columns_are_written_in_parallel(open_page: Callable[..., Any]) -> None:
    tab = open_page()
    show(tab, "Compare")
    prompt(tab, "Tell me all about PEP-8")
    for _ in range(2):
        tab.get_by_role("button", name="Add a column").click()
        rested(tab)
    tab.get_by_role("button", name="Ask all").click()
    cards = tab.locator("[class*='st-key-answer-compare-']")
    cards.nth(3).wait_for()
    lengths = "cards => cards.map(card => card.innerText.length)"
    tab.wait_for_timeout(700)
    first = cards.evaluate_all(lengths)
    tab.wait_for_timeout(700)
    second = cards.evaluate_all(lengths)
    assert all(later > earlier for earlier, later in zip(first, second, strict=True))
    tab.get_by_role("button", name="Use these settings").nth(3).wait_for()
    tab.get_by_text("How the requests differ").click()


def test_a_token_that_is_clicked_shows_what_could_have_come(open_page: Callable[..., Any]) -> None:
    tab = open_page()
    show(tab, "Next token")
    prompt(tab, "Why is pizza so good?")
    tab.get_by_role("button", name="Ask the built-in model").click()
    tab.get_by_role("radiogroup", name="Tokens in the answer").get_by_text("Pizza").click()
    rested(tab)
    tab.get_by_text("candidates remain").wait_for()
    knob = tab.get_by_role("slider", name="top_k")
    knob.press("Home")
    tab.get_by_text("1 of ").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_view_is_accessible_and_fits(
    open_page: Callable[..., Any], axe: Any, width: int, scheme: str
) -> None:
    tab = open_page(width, scheme)
    prompt(tab, "Why is pizza so good?")
    assert faults(axe, tab) == []
    tab.get_by_role("button", name="Start 9 requests").click()
    tab.get_by_text("9 of 9 answered").wait_for()
    rested(tab)
    assert faults(axe, tab) == []
    show(tab, "Compare")
    tab.get_by_role("button", name="Ask all").click()
    tab.get_by_role("button", name="Use these settings").nth(1).wait_for()
    rested(tab)
    assert faults(axe, tab) == []
    show(tab, "Next token")
    tab.get_by_role("button", name="Ask the built-in model").click()
    tab.get_by_text("candidates remain").wait_for()
    rested(tab)
    assert faults(axe, tab) == []
    show(tab, "Lessons")
    # Away from the clicked button: under the mouse it has Streamlit's own colors.
    tab.mouse.move(0, 0)
    tab.wait_for_timeout(400)
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
