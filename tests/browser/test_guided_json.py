"""Guided JSON in Chromium: a schema built by form, a question about a picture, a checked answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.accessibility import faults
from tests.browser.acting import rested
from tests.components.pictures import png

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(profile: Callable[..., Any], built_in_app: str) -> Callable[..., Any]:
    def opened(width: int = 1280, scheme: str = "light") -> Any:
        tab = profile(width, 1000, color_scheme=scheme).new_page()
        tab.goto(f"{built_in_app}/guided_json")
        tab.get_by_role("button", name="Start from an example").wait_for()
        return tab

    return opened


def begin_with(tab: Any, choice: str) -> None:
    tab.get_by_role("button", name="Start from an example").click()
    tab.get_by_role("menuitem", name=choice, exact=True).click()
    rested(tab)


def fill(tab: Any, label: str, text: str) -> None:
    box = tab.get_by_label(label, exact=True).last
    box.fill(text)
    box.press("Tab")
    rested(tab)


def choose_type(tab: Any, of: str, kind: str) -> None:
    tab.get_by_label(f"Type of {of}", exact=True).last.click()
    tab.get_by_role("option", name=kind, exact=True).click()
    rested(tab)


def written(tab: Any) -> Any:
    return json.loads(tab.get_by_label("JSON", exact=True).input_value())


def test_a_nested_schema_made_by_form_is_asked_about_a_picture_and_broken(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    tab = open_page()
    begin_with(tab, "An empty schema")
    tab.get_by_role("button", name="Add a property").click()
    rested(tab)
    fill(tab, "Name of field", "colors")
    choose_type(tab, "colors", "array")
    choose_type(tab, "items of colors", "object")
    tab.get_by_role("button", name="Add a property to each item").click()
    rested(tab)
    fill(tab, "Name of field", "name")
    tab.get_by_text("required", exact=True).first.click()
    rested(tab)
    schema = written(tab)
    assert schema["required"] == ["colors"]
    item = schema["properties"]["colors"]["items"]
    assert item["properties"]["name"]["type"] == "string"

    picture = tmp_path / "red.png"
    picture.write_bytes(png(40, 30, "red"))
    tab.locator("input[type=file]").last.set_input_files(picture)
    tab.get_by_text("red.png").first.wait_for()
    fill(tab, "Prompt", "Which colors are in it?")
    tab.get_by_role("button", name="Ask", exact=True).click()
    tab.locator(".stChatMessage").get_by_text("valid").first.wait_for()
    tab.get_by_role("tab", name="Raw").click()

    box = tab.get_by_label("JSON", exact=True)
    box.fill(box.input_value().replace('"string"', '"strong"'))
    box.press("Tab")
    tab.get_by_text("1 error").wait_for()
    tab.get_by_text("properties.colors.items.properties.name.type").first.wait_for()
    rested(tab)
    tab.get_by_role("button", name="Undo").click()
    tab.get_by_text("valid schema").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_schema_question_and_answer_are_accessible_and_fit(
    open_page: Callable[..., Any], axe: Any, width: int, scheme: str
) -> None:
    tab = open_page(width, scheme)
    begin_with(tab, "Receipt")
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.get_by_role("button", name="Ask", exact=True).click()
    tab.locator(".stChatMessage").get_by_text("valid").first.wait_for()
    tab.wait_for_timeout(500)
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
