"""The Playground, Guide and Model pages, checked by axe-core's rules for WCAG 2.1 AA."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.accessibility import faults

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_front_page_is_accessible(
    profile: Callable[..., Any], built_in_app: str, axe: Any, scheme: str
) -> None:
    tab = profile(1280, 850, color_scheme=scheme).new_page()
    tab.goto(f"{built_in_app}/?temperature=3&max_tokens=10&seed=1")
    tab.get_by_role("button", name="Ask about this picture").click()
    tab.get_by_role("button", name="Raise and retry").wait_for()
    assert faults(axe, tab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_guide_is_accessible(
    profile: Callable[..., Any], built_in_app: str, axe: Any, scheme: str
) -> None:
    tab = profile(1280, 850, color_scheme=scheme).new_page()
    tab.goto(f"{built_in_app}/guide")
    tab.get_by_label("Search").fill("5021")
    tab.get_by_label("Search").press("Enter")
    tab.get_by_text("How large can max_tokens be?").filter(visible=True).first.wait_for()
    assert faults(axe, tab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chats_and_what_can_be_done_with_messages_are_accessible(
    profile: Callable[..., Any], built_in_app: str, axe: Any, scheme: str
) -> None:
    tab = profile(1280, 850, color_scheme=scheme).new_page()
    tab.goto(built_in_app)
    tab.get_by_role("button", name="What does temperature do?").click()
    tab.get_by_text("complete").wait_for()
    tab.get_by_role("button", name="Answer actions").click()
    tab.get_by_role("menuitem", name="Regenerate").click()
    tab.get_by_text("2/2").wait_for()
    tab.get_by_text("complete").wait_for()
    tab.get_by_role("button", name="Question actions").click()
    tab.get_by_role("menuitem", name="Edit and ask again").click()
    tab.get_by_label("Message text").wait_for()
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
    tab.get_by_role("button", name="Cancel").click()
    tab.get_by_role("button", name="Chats").click()
    tab.get_by_role("button", name="Chat actions").wait_for()
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_model_and_the_code_are_accessible_and_fit(
    profile: Callable[..., Any], built_in_app: str, axe: Any, width: int, scheme: str
) -> None:
    tab = profile(width, 900, color_scheme=scheme).new_page()
    tab.goto(f"{built_in_app}/model")
    tab.get_by_role("button", name="Documented input schema").wait_for()
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.goto(built_in_app)
    tab.get_by_text("Request", exact=True).first.click()
    tab.get_by_role("tab", name="Code").click()
    tab.get_by_role("button", name="Download", exact=True).wait_for()
    tab.mouse.move(0, 0)
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
