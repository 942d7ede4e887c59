"""Chats in Chromium: what survives restarts, and who sees what."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.acting import send
from tests.browser.conftest import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def app(serve_app: Callable[[str], Served], tmp_path: Path) -> Served:
    return serve_app(f"sqlite:///{tmp_path / 'chats.db'}")


def opened(context: Any, url: str, *, writable: bool = True) -> Any:
    tab = context.new_page()
    tab.goto(url)
    if writable:
        tab.get_by_test_id("stChatInputTextArea").wait_for()
    tab.get_by_role("button", name="New chat").wait_for()
    return tab


def address(tab: Any) -> str:
    """Return the URL in the address bar; `url` lags behind it."""
    return tab.evaluate("location.href")


def messages(tab: Any) -> list[str]:
    """Return the text of the messages, once the page has settled."""
    tab.wait_for_timeout(700)
    texts = tab.locator(".stChatMessage").all_inner_texts()
    return [re.sub(r"\s+", " ", text) for text in texts]


def complete(tab: Any, count: int) -> None:
    """Wait until `count` answers on the page have ended by themselves.

    The built-in model samples without a seed here, so an answer can reach `max_tokens`.
    """
    ended = re.compile("complete|cut at max_tokens")
    until(lambda: tab.locator(".stChatMessage").get_by_text(ended).count() == count)


def until(check: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def choose(tab: Any, menu: str, action: str, position: int = -1) -> None:
    tab.locator(f"[class*='st-key-menu-{menu}'] button").nth(position).click()
    tab.get_by_role("menuitem", name=action, exact=True).click()


def pictures(tab: Any) -> int:
    """Return how many pictures in messages the browser really shows."""
    shown = "images => images.filter(image => image.complete && image.naturalWidth).length"
    return tab.locator(".stChatMessage img").evaluate_all(shown)


def png(color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(file, "PNG")
    return file.getvalue()


def set_pace(tab: Any, presses: str) -> None:
    """Move the slider of the built-in model's pace with keys."""
    tab.locator(".st-key-pace input").press(presses)
    tab.wait_for_timeout(800)


def test_a_chat_survives_reload_second_tab_kill_and_restart(
    app: Served, profile: Callable[[], Any]
) -> None:
    mine = profile()
    tab = opened(mine, app.url)
    set_pace(tab, "End")
    files = [
        {"name": f"{color}.png", "mimeType": "image/png", "buffer": png(color)}
        for color in ("red", "blue")
    ]
    tab.locator("[data-testid='stChatInput'] input[type=file]").set_input_files(files)
    tab.get_by_text("blue.png").first.wait_for()
    send(tab, "What can you tell me about these pictures?")
    complete(tab, 1)
    send(tab, "What does top_k do?")
    complete(tab, 2)
    choose(tab, "answer", "Regenerate")
    tab.get_by_text("2/2").wait_for()
    complete(tab, 2)
    choose(tab, "question", "Edit and ask again", 0)
    tab.get_by_label("Message text").fill("Are these pictures bright?")
    tab.locator("[class*='st-key-edited-'] button").click()
    complete(tab, 1)
    assert pictures(tab) == 2
    tab.locator("[class*='st-key-variants-'] button").first.click()
    complete(tab, 2)
    before = messages(tab)
    assert len(before) == 4
    assert "1/2" in before[0]
    assert "2/2" in before[3]

    tab.reload()
    complete(tab, 2)
    until(lambda: messages(tab) == before)
    assert pictures(tab) == 2
    second = opened(mine, address(tab))
    complete(second, 2)
    until(lambda: messages(second) == before)

    set_pace(tab, "Home")
    send(tab, "What does temperature do?")
    until(lambda: len(messages(tab)[-1].split()) > 12)
    partial = messages(tab)[-1]
    app.kill()
    app.start()
    again = opened(mine, address(tab))
    again.get_by_text("The app was stopped while this was written").wait_for(timeout=25_000)
    kept = messages(again)
    assert kept[:4] == before
    assert pictures(again) == 2
    lost = len(partial.split()) - len(_words_in_common(partial, kept[-1]))
    # At the slow pace of 15 tokens per second, two seconds on a busy machine.
    assert lost <= 30
    again.locator("[class*='st-key-variants-'] button:not([disabled])").first.click()
    until(lambda: "bright?" in messages(again)[0])


def _words_in_common(one: str, other: str) -> list[str]:
    common = []
    for first, second in zip(one.split(), other.split(), strict=False):
        if first != second:
            break
        common.append(first)
    return common


def test_two_profiles_see_nothing_of_each_other(app: Served, profile: Callable[[], Any]) -> None:
    one, two = opened(profile(), app.url), opened(profile(), app.url)
    set_pace(one, "End")
    send(one, "What does top_k do?")
    complete(one, 1)
    for tab in (one, two):
        tab.get_by_role("button", name="Chats").click()
        tab.get_by_role("dialog").wait_for()
    one.get_by_role("dialog").get_by_text("What does top_k do?").wait_for()
    two.get_by_text("Your chats will appear here.").wait_for()
    two.get_by_role("dialog").get_by_placeholder("Search chats").fill("top_k")
    two.get_by_text("No chats found.").wait_for()
    assert "top_k do?" not in two.inner_text("body")


def test_a_shared_link_is_read_and_continued_in_a_copy(
    app: Served, profile: Callable[[], Any]
) -> None:
    mine = opened(profile(), app.url)
    set_pace(mine, "End")
    send(mine, "What does top_k do?")
    complete(mine, 1)
    until(lambda: "c=" in address(mine))
    reader = opened(profile(), address(mine), writable=False)
    reader.get_by_text("You are reading someone else's chat").wait_for()
    assert messages(mine)[0].startswith(messages(reader)[0])
    assert not reader.get_by_test_id("stChatInputTextArea").count()
    reader.get_by_role("button", name="Continue in a copy").click()
    reader.get_by_test_id("stChatInputTextArea").wait_for()
    set_pace(reader, "End")
    send(reader, "And temperature?")
    complete(reader, 2)
    assert len(messages(mine)) == 2
    assert address(reader) != address(mine)


def test_an_idle_tab_follows_what_another_one_asks(app: Served, profile: Callable[[], Any]) -> None:
    mine = profile()
    tab = opened(mine, app.url)
    send(tab, "What does seed do?")
    until(lambda: "c=" in address(tab))
    complete(tab, 1)
    other = opened(mine, address(tab))
    complete(other, 1)
    send(tab, "What does top_k do?")
    until(lambda: len(messages(other)) == 4, 10)
    complete(tab, 2)
    complete(other, 2)
    until(lambda: messages(other) == messages(tab))


def test_an_export_comes_back_by_import(
    app: Served, profile: Callable[[], Any], tmp_path: Path
) -> None:
    tab = opened(profile(), app.url)
    set_pace(tab, "End")
    tab.get_by_role("button", name="Ask about this picture").click()
    complete(tab, 1)
    before = messages(tab)
    tab.get_by_role("button", name="Chats").click()
    choose(tab, "chat", "Export")
    with tab.expect_download() as download:
        tab.locator(".st-key-export-json button").click()
    file = tmp_path / "chat.json"
    download.value.save_as(file)
    tab.get_by_role("button", name="Back to the list").click()
    tab.get_by_role("dialog").get_by_text("Import", exact=True).click()
    tab.locator("[data-testid='stFileUploader'] input[type=file]").set_input_files(file)
    tab.get_by_text("2 messages, 1 picture").wait_for()
    tab.get_by_role("button", name="Add to my chats").click()
    tab.get_by_test_id("stToast").filter(has_text="Imported: 1 chat").wait_for()
    complete(tab, 1)
    until(lambda: messages(tab) == before)
    assert pictures(tab) == 1
    tab.get_by_role("button", name="Chats").click()
    tab.get_by_role("dialog").wait_for()
    until(lambda: tab.locator("[class*='st-key-menu-chat'] button").count() == 2)


def test_the_list_stays_open_while_an_answer_ends(app: Served, profile: Callable[[], Any]) -> None:
    tab = opened(profile(), app.url)
    send(tab, "What does temperature do?")
    until(lambda: len(messages(tab)) == 2)
    tab.get_by_role("button", name="Chats").click()
    tab.get_by_role("dialog").wait_for()
    complete(tab, 1)
    tab.wait_for_timeout(1500)
    assert tab.get_by_role("dialog").is_visible()
    tab.keyboard.press("Escape")
    tab.get_by_role("dialog").wait_for(state="detached")
    assert "complete" in messages(tab)[-1]


def test_what_one_server_writes_another_one_shows_and_stops(
    serve_app: Callable[[str], Served], postgresql_url: str, profile: Callable[[], Any]
) -> None:
    one, two = serve_app(postgresql_url), serve_app(postgresql_url)
    mine = profile()
    tab = opened(mine, one.url)
    set_pace(tab, "Home")
    send(tab, "Tell me all about PEP-8")
    until(lambda: "c=" in address(tab))
    other = mine.new_page()
    other.goto(address(tab).replace(one.url, two.url))
    until(lambda: other.locator(".stChatMessage").count() == 2)
    other.locator(".st-key-stop-button button").click()
    for page in (tab, other):
        page.locator(".stChatMessage").get_by_text("stopped").wait_for()
    until(lambda: messages(other) == messages(tab))
    set_pace(other, "End")
    send(other, "What does top_k do?")
    complete(other, 1)
    complete(tab, 1)
    until(lambda: messages(other) == messages(tab))
