"""The front page and the guide, judged by axe-core's rules for WCAG 2.1 AA."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}


@pytest.fixture(scope="module")
def app(run_streamlit: Callable[..., str]) -> str:
    return run_streamlit(ROOT / "app.py", env={"CABOCHON_BACKEND": "builtin"})


@pytest.fixture
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def faults(axe: Any, tab: Any) -> list[str]:
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in axe.run(tab, options=RULES).response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_front_page_is_accessible(chromium: Any, app: str, axe: Any, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 850}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"{app}/?temperature=3&max_tokens=10")
    tab.get_by_role("button", name="Ask about this picture").click()
    tab.get_by_role("button", name="Raise and retry").wait_for()
    assert faults(axe, tab) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_guide_is_accessible(chromium: Any, app: str, axe: Any, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 850}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"{app}/guide")
    tab.get_by_label("Search").fill("5021")
    tab.get_by_label("Search").press("Enter")
    tab.get_by_text("How large can max_tokens be?").wait_for()
    assert faults(axe, tab) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chats_and_what_can_be_done_with_messages_are_accessible(
    chromium: Any, app: str, axe: Any, scheme: str
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 850}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(app)
    tab.get_by_role("button", name="What does temperature do?").click()
    tab.get_by_text("complete").wait_for()
    tab.get_by_role("button", name="Answer: what to do").click()
    tab.get_by_role("menuitem", name="Ask again").click()
    tab.get_by_text("2/2").wait_for()
    tab.get_by_text("complete").wait_for()
    tab.get_by_role("button", name="Question: what to do").click()
    tab.get_by_role("menuitem", name="Edit and ask again").click()
    tab.get_by_label("Text of the message").wait_for()
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
    tab.get_by_role("button", name="Cancel").click()
    tab.get_by_role("button", name="Chats").click()
    tab.get_by_role("button", name="Chat: what to do").wait_for()
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_model_and_the_code_are_accessible_and_fit(
    chromium: Any, app: str, axe: Any, width: int, scheme: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"{app}/model")
    tab.get_by_role("button", name="The documented input schema").wait_for()
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.goto(app)
    tab.get_by_text("Request", exact=True).first.click()
    tab.get_by_role("tab", name="Code").click()
    tab.get_by_role("button", name="Download", exact=True).wait_for()
    tab.mouse.move(0, 0)
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
