"""The Images page in Chromium: a run of forty is stopped, reloaded and resumed."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.accessibility import faults
from tests.browser.acting import rested
from tests.components.pictures import png

pytestmark = pytest.mark.browser

FORTY = 40


@pytest.fixture
def open_page(profile: Callable[..., Any], built_in_app: str) -> Callable[..., Any]:
    def opened(width: int = 1280, scheme: str = "light") -> Any:
        tab = profile(width, 1000, color_scheme=scheme).new_page()
        tab.goto(f"{built_in_app}/images")
        tab.get_by_label("Questions, one per line").wait_for()
        return tab

    return opened


def add(tab: Any, folder: Path, count: int) -> None:
    """Upload a zip file of this many pictures."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for at in range(count):
            archive.writestr(f"{at:02}.png", png(20 + at, 30, "red"))
    path = folder / "pictures.zip"
    path.write_bytes(file.getvalue())
    tab.locator("input[type=file]").set_input_files(path)
    tab.get_by_text(f"{count} pictures, ").wait_for()
    rested(tab)


def ask(tab: Any, question: str) -> None:
    box = tab.get_by_label("Questions, one per line")
    box.fill(question)
    box.press("Tab")
    rested(tab)
    tab.get_by_role("button", name=re.compile(r"^.*Start \d+ requests?$")).click()


def answered(tab: Any) -> int:
    text = tab.get_by_text(f" of {FORTY} answered").inner_text()
    return int(text.split()[0])


def test_forty_pictures_are_stopped_reloaded_and_resumed(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    tab = open_page()
    add(tab, tmp_path, FORTY)
    ask(tab, "Which colors has this picture?")
    tab.get_by_text(" s left").wait_for()
    tab.get_by_role("link", name="Tools").click()
    tab.get_by_role("button", name="Add a tool").wait_for()
    tab.get_by_role("link", name="Images").click()
    tab.get_by_role("button", name="Stop", exact=True).click()
    tab.get_by_role("button", name="Resume").wait_for()
    done = answered(tab)
    assert 0 < done < FORTY
    tab.reload()
    tab.get_by_role("button", name="Resume").wait_for()
    assert answered(tab) == done
    rested(tab)
    tab.get_by_role("button", name="Resume").click()
    tab.get_by_text(f"{FORTY} of {FORTY} answered").wait_for()
    tab.get_by_role("button", name="Resume").wait_for(state="detached")

    with tab.expect_download() as download:
        tab.get_by_role("button", name="CSV", exact=True).click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert len(lines) == FORTY + 1
    assert all("answered" in line for line in lines[1:])


def test_one_answer_is_looked_at_and_opened_as_a_chat(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    tab = open_page()
    add(tab, tmp_path, 2)
    ask(tab, "Which colors has this picture?")
    tab.get_by_text("2 of 2 answered").wait_for()
    rested(tab)
    box = tab.get_by_test_id("stDataFrame").bounding_box()
    tab.mouse.click(box["x"] + 17, box["y"] + 50)
    tab.get_by_role("button", name="Open as a chat").click()
    tab.get_by_test_id("stChatInput").wait_for()
    message = tab.locator(".stChatMessage").last
    message.get_by_text("20 by 30 pixels").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_making_and_watching_a_run_is_accessible_and_fits(
    open_page: Callable[..., Any], axe: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    tab = open_page(width, scheme)
    add(tab, tmp_path, 3)
    assert faults(axe, tab) == []
    ask(tab, "Which colors has this picture?")
    tab.get_by_text("3 of 3 answered").wait_for()
    rested(tab)
    assert faults(axe, tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
