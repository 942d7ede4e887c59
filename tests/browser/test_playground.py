"""The Playground page in Chromium, against a server that replays the API's bytes."""

import io
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from tests.browser.acting import send
from tests.browser.conftest import ROOT
from tests.wire_server import Answer, Failure, WireServer

pytestmark = pytest.mark.browser

ACCOUNT = "0" * 32
TOKEN = "canary-3f9d2c71"
ANSWER = ".stChatMessage:has([data-testid='stChatMessageAvatarCustom']) >> nth=-1"


@pytest.fixture(scope="module")
def upstream() -> Iterator[WireServer]:
    with WireServer() as server:
        yield server


@pytest.fixture(scope="module")
def app(run_streamlit: Callable[..., str], upstream: WireServer) -> str:
    environment = {
        "CABOCHON_BACKEND": "cloudflare",
        "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
        "CLOUDFLARE_API_TOKEN": TOKEN,
        "CLOUDFLARE_BASE_URL": upstream.base_url,
    }
    return run_streamlit(ROOT / "app.py", env=environment)


@pytest.fixture
def page(profile: Callable[..., Any], app: str, upstream: WireServer) -> Any:
    upstream.clear()
    tab = profile(height=800).new_page()
    opened(tab, app)
    return tab


def opened(tab: Any, url: str) -> None:
    tab.goto(url)
    composer(tab).wait_for()
    tab.get_by_role("button", name="New chat").wait_for()


def composer(tab: Any) -> Any:
    return tab.get_by_test_id("stChatInputTextArea")


def answers(tab: Any) -> Any:
    return tab.locator(".stChatMessage").filter(
        has=tab.locator("[data-testid='stIconMaterial']", has_text="diamond")
    )


def stop(tab: Any) -> Any:
    return tab.locator(".st-key-stop-button button")


def words(count: int) -> list[str]:
    return [f"word{number}" for number in range(count)]


def shown_words(tab: Any) -> list[str]:
    return re.findall(r"word\d+", answers(tab).last.inner_text())


def wait_for(check: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_an_answer_streams_and_says_what_made_it(page: Any, upstream: WireServer) -> None:
    upstream.script(Answer.words(100, 50))
    send(page, "Tell me words")
    wait_for(lambda: 5 < len(shown_words(page)) < 95)
    stop(page).wait_for(state="visible")
    page.get_by_text("100 tokens").wait_for()
    assert shown_words(page) == words(100)
    line = answers(page).last.inner_text()
    assert "Workers AI" in line
    assert "@cf/google/gemma-3-12b-it" in line
    assert "complete" in line
    stop(page).wait_for(state="hidden")


def test_stop_keeps_the_text_and_the_next_message_goes_immediately(
    page: Any, upstream: WireServer
) -> None:
    upstream.script(Answer.words(2000, 50), Answer.words(3, 50))
    send(page, "Tell me words")
    wait_for(lambda: len(shown_words(page)) > 10)
    clicked = time.monotonic()
    stop(page).click()
    assert upstream.until(lambda server: bool(server.closed_by_client), 3)
    assert upstream.closed_by_client[-1].time - clicked < 1
    page.get_by_text("stopped").wait_for()
    kept = shown_words(page)
    assert kept == words(len(kept))
    assert len(kept) > 10
    send(page, "And three more")
    wait_for(lambda: shown_words(page) == words(3))


def test_stop_works_before_the_first_token(page: Any, upstream: WireServer) -> None:
    upstream.script(Answer.words(5, 50).after(20))
    send(page, "Tell me words")
    stop(page).wait_for(state="visible")
    stop(page).click()
    assert upstream.until(lambda server: bool(server.closed_by_client), 2)
    page.get_by_text("stopped").wait_for()


def test_an_answer_survives_a_slider_a_page_and_a_reload(page: Any, upstream: WireServer) -> None:
    upstream.script(Answer.words(300, 50))
    send(page, "Tell me words")
    wait_for(lambda: len(shown_words(page)) > 5)
    page.locator(".st-key-temperature_sent label").click()
    page.get_by_role("slider", name="temperature").wait_for()
    page.get_by_role("slider", name="temperature").press("ArrowRight")
    wait_for(lambda: len(shown_words(page)) > 60)
    page.get_by_role("link", name="Guide", exact=True).click()
    page.get_by_role("heading", name="Guide").wait_for()
    page.reload()
    page.get_by_role("heading", name="Guide").wait_for()
    page.get_by_role("link", name="Playground").click()
    wait_for(lambda: len(shown_words(page)) > 100)
    page.reload()
    wait_for(lambda: len(shown_words(page)) > 120)
    page.get_by_text("300 tokens").wait_for()
    assert shown_words(page) == words(300)
    assert len(upstream.requests) == 1


def test_pictures_come_by_paste_and_by_picker_and_go_out_as_data_uris(
    page: Any, upstream: WireServer
) -> None:
    upstream.script(Answer.words(3, 50))
    page.locator("input[type=file]").first.set_input_files(
        {"name": "red.png", "mimeType": "image/png", "buffer": picture("red")}
    )
    page.evaluate(PASTE, list(picture("blue")))
    page.get_by_text("pasted.png").wait_for()
    send(page, "What are these?")
    wait_for(lambda: shown_words(page) == words(3))
    content = upstream.requests[-1].json()["messages"][-1]["content"]
    assert [part["type"] for part in content] == ["image_url", "image_url", "text"]
    assert all(p["image_url"]["url"].startswith("data:image/png;base64,") for p in content[:2])
    page.get_by_text("red.png").wait_for()


def test_a_file_that_is_not_a_picture_is_named_and_nothing_is_lost(
    page: Any, upstream: WireServer
) -> None:
    uploaded: list[str] = []
    page.on("requestfinished", lambda r: uploaded.append(r.url) if r.method == "PUT" else None)
    page.locator("input[type=file]").first.set_input_files(
        [
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"},
            {"name": "red.png", "mimeType": "image/png", "buffer": picture("red")},
        ]
    )
    page.get_by_text("notes.txt").wait_for()
    # Enter does nothing while a file is uploading.
    wait_for(lambda: page.wait_for_timeout(100) or len(uploaded) == 2)
    send(page, "What is this?")
    page.get_by_test_id("stToast").filter(has_text="notes.txt").wait_for()
    assert composer(page).input_value() == "What is this?"
    assert upstream.requests == []
    upstream.script(Answer.words(3, 50))
    composer(page).press("Enter")
    wait_for(lambda: shown_words(page) == words(3))
    assert len(upstream.requests[-1].json()["messages"][-1]["content"]) == 2


def test_a_picture_from_the_camera_goes_with_the_next_message(
    page: Any, upstream: WireServer
) -> None:
    upstream.script(Answer.words(3, 50))
    page.get_by_role("button", name="Camera").click()
    wait_for(lambda: page.evaluate("document.querySelector('video')?.currentTime > 0"))
    page.get_by_role("button", name="Take photo").click()
    page.get_by_role("button", name="Remove").wait_for()
    page.get_by_role("dialog").wait_for(state="detached")
    send(page, "What is this?")
    wait_for(lambda: shown_words(page) == words(3))
    content = upstream.requests[-1].json()["messages"][-1]["content"]
    assert [part["type"] for part in content] == ["image_url", "text"]
    page.get_by_role("button", name="Remove").wait_for(state="detached")


def test_a_message_sent_too_early_is_reported_and_kept(page: Any, upstream: WireServer) -> None:
    upstream.script(Answer.words(100, 50), Answer.words(3, 50))
    send(page, "Tell me words")
    wait_for(lambda: len(shown_words(page)) > 5)
    composer(page).fill("And more")
    composer(page).press("Enter")
    page.get_by_test_id("stToast").filter(has_text="still being written").wait_for()
    assert composer(page).input_value() == "And more"
    page.get_by_text("100 tokens").wait_for()
    assert shown_words(page) == words(100)
    composer(page).press("Enter")
    wait_for(lambda: shown_words(page) == words(3))


def test_the_request_panel_copies_what_will_be_sent(
    profile: Callable[..., Any], app: str, upstream: WireServer
) -> None:
    tab = profile(permissions=["clipboard-read", "clipboard-write"]).new_page()
    opened(tab, f"{app}/?temperature=0.25")
    tab.locator(".st-key-show_request label").click()
    tab.get_by_role("button", name="Copy the whole body").click()
    tab.get_by_role("button", name="Copied").wait_for()
    copied = tab.evaluate("navigator.clipboard.readText()")
    upstream.script(Answer.words(3, 50))
    send(tab, "Your next message")
    wait_for(lambda: shown_words(tab) == words(3))
    assert copied.encode() == upstream.requests[-1].body


def test_details_open_while_a_later_answer_is_written(page: Any, upstream: WireServer) -> None:
    upstream.script(Answer.words(3, 50), Answer.words(200, 50))
    send(page, "Tell me words")
    wait_for(lambda: shown_words(page) == words(3))
    page.get_by_role("button", name="Details").wait_for()
    send(page, "And more")
    wait_for(lambda: 5 < len(shown_words(page)) < 100)
    page.get_by_role("button", name="Details").first.click()
    page.get_by_text("Settings used").wait_for(timeout=1000)
    assert len(shown_words(page)) < 150
    page.get_by_text("200 tokens").wait_for()
    assert shown_words(page) == words(200)


def test_a_failure_is_a_card_with_a_retry(page: Any, upstream: WireServer) -> None:
    upstream.script(Failure.status(401, code=10000), Answer.words(3, 50))
    send(page, "Tell me words")
    page.get_by_text("The account ID or the API token was not accepted").wait_for()
    card = page.locator("[class*='st-key-failure']").inner_text()
    assert "HTTP 401" in card
    assert "code 10000" in card
    page.get_by_text("Authentication error").wait_for()
    page.get_by_role("button", name="Retry").click()
    wait_for(lambda: shown_words(page) == words(3))


def test_a_retired_model_offers_the_built_in_one(page: Any, upstream: WireServer) -> None:
    upstream.script(Failure.status(403, code=5018))
    send(page, "What does temperature do?")
    page.get_by_text("retired on Workers AI on May 30, 2026").first.wait_for()
    page.get_by_role("button", name="Answer with Built-in").click()
    page.get_by_text("not Gemma").first.wait_for()
    wait_for(lambda: "temperature" in answers(page).last.inner_text().lower())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scroll(
    profile: Callable[..., Any], app: str, upstream: WireServer, scheme: str
) -> None:
    tab = profile(360, 740, color_scheme=scheme).new_page()
    opened(tab, app)
    wide = "x" * 400 + "\n\n| a | b | c |\n|---|---|---|\n" + "| " + "y" * 300 + " | b | c |\n"
    upstream.script(Answer.stream([wide]))
    send(tab, "Tell me something wide")
    tab.get_by_text("complete").wait_for()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    main = tab.get_by_test_id("stAppScrollToBottomContainer")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0


def test_a_setting_in_the_link_is_applied_and_a_bad_one_reported(chromium: Any, app: str) -> None:
    tab = chromium.new_page()
    opened(tab, f"{app}/?temperature=0.25&top_k=51")
    tab.get_by_test_id("stToast").filter(has_text="top_k").wait_for()
    assert tab.get_by_role("textbox", name="temperature, typed").input_value() == "0.25"
    wait_for(lambda: "top_k" not in tab.url)
    assert "temperature=0.25" in tab.url
    tab.close()


def test_the_page_contacts_nobody_else(chromium: Any, app: str, upstream: WireServer) -> None:
    tab = chromium.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    upstream.script(Answer.stream(["![x](http://example.invalid/leak.png) done"]))
    opened(tab, app)
    send(tab, "Show me a picture")
    tab.get_by_text("complete").wait_for()
    assert [url for url in asked if not url.startswith((app, "data:", "blob:"))] == []
    tab.close()


def test_a_picture_that_got_into_the_page_is_not_fetched(chromium: Any, app: str) -> None:
    tab = chromium.new_page()
    logged: list[str] = []
    tab.on("console", lambda message: logged.append(message.text))
    opened(tab, app)
    assert not [text for text in logged if "Content Security Policy" in text]
    with tab.expect_console_message(lambda message: "Content Security Policy" in message.text):
        tab.evaluate(
            "document.body.append(Object.assign(new Image(), {src: 'http://a.invalid/x'}))"
        )
    tab.close()


def picture(color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(file, "PNG")
    return file.getvalue()


PASTE = """bytes => {
    const file = new File([new Uint8Array(bytes)], "pasted.png", {type: "image/png"});
    const data = new DataTransfer();
    data.items.add(file);
    const area = document.querySelector('[data-testid="stChatInputTextArea"]');
    area.focus();
    const init = {clipboardData: data, bubbles: true, cancelable: true};
    area.dispatchEvent(new ClipboardEvent("paste", init));
}"""
