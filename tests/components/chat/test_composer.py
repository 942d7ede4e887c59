"""Pictures on their way into a message."""

import base64
import io
from typing import Any

from PIL import Image

from tests.components.pictures import png
from tests.components.tab import LIVE_MARKDOWN, Tab
from tests.wire_server import WireServer

A = png(40, 30)
B = png(30, 40, "blue")


def sizes(body: dict[str, Any]) -> list[tuple[int, int]]:
    """Return the sizes of the pictures in the last message, in order."""
    parts = body["messages"][-1]["content"]
    urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    data = [base64.b64decode(url.partition(",")[2]) for url in urls]
    return [Image.open(io.BytesIO(picture)).size for picture in data]


def names(tab: Tab) -> list[str]:
    return [picture.name for picture in tab.session.pending]


def in_composer(tab: Tab) -> str:
    """Return the text that the page puts back into the composer."""
    proto = tab.at.chat_input(key="message").proto
    return proto.value if proto.set_value else ""


def test_pictures_go_out_in_their_order_with_the_text(cloud: Tab, operator: WireServer) -> None:
    files = {"b.png": B, "a.png": A, "wide.png": png(90, 20)}
    cloud.ask("What are these?", files)

    body = operator.requests[0].json()
    assert sizes(body) == [(30, 40), (40, 30), (90, 20)]
    [text] = [part for part in body["messages"][-1]["content"] if part["type"] == "text"]
    assert text["text"] == "What are these?"
    assert names(cloud) == []


def test_a_picture_needs_no_text(cloud: Tab, operator: WireServer) -> None:
    cloud.ask("", {"a.png": A})

    content = operator.requests[0].json()["messages"][-1]["content"]
    assert [part["type"] for part in content] == ["image_url"]


def test_pictures_stay_in_later_turns(cloud: Tab, operator: WireServer) -> None:
    cloud.ask("Look", {"a.png": A})
    cloud.ask("Again")

    first, second = (request.json()["messages"] for request in operator.requests)
    assert second[0] == first[0]
    assert [message["role"] for message in second] == ["user", "assistant", "user"]


def test_a_file_that_is_not_a_picture_is_named_and_the_rest_is_kept(
    cloud: Tab, operator: WireServer
) -> None:
    cloud.submit("My long question", {"b.png": B, "notes.png": b"only text", "a.png": A})

    assert "notes.png" in cloud.toasts
    assert names(cloud) == ["b.png", "a.png"]
    assert in_composer(cloud) == "My long question"
    assert operator.requests == []
    cloud.ask("My long question")
    assert sizes(operator.requests[0].json()) == [(30, 40), (40, 30)]


def test_every_file_that_is_refused_is_named(cloud: Tab, operator: WireServer) -> None:
    bad = {"one.png": b"", "two.svg": b"<svg/>", "three.png": A[:60], "four.eps": b"%!PS"}
    cloud.submit("Look", bad)

    assert all(name in cloud.toasts for name in bad)
    assert names(cloud) == []
    assert operator.requests == []


def test_the_name_of_a_file_is_text(cloud: Tab) -> None:
    cloud.submit("Look", {"![x](http:evil.invalid).png": b"no picture", "<i>.png": A})

    assert "evil.invalid" in cloud.toasts
    assert not LIVE_MARKDOWN.search(cloud.toast_markdown)


def test_a_pending_picture_can_be_removed(cloud: Tab, operator: WireServer) -> None:
    cloud.submit("Look", {"b.png": B, "a.png": A, "bad.png": b""})
    cloud.click("remove-0")
    assert names(cloud) == ["a.png"]
    cloud.ask("Look")

    assert sizes(operator.requests[0].json()) == [(40, 30)]


def test_twins_are_two_pictures(cloud: Tab, operator: WireServer) -> None:
    cloud.submit("Look", {"a.png": A, "copy.png": A, "bad.png": b""})
    cloud.click("remove-1")
    assert names(cloud) == ["a.png"]


def test_a_new_chat_forgets_pending_pictures(cloud: Tab) -> None:
    cloud.submit("Look", {"a.png": A, "bad.png": b""})
    cloud.click("New chat")

    assert names(cloud) == []


def test_a_large_picture_is_made_smaller_unless_the_original_is_wanted(
    cloud: Tab, operator: WireServer
) -> None:
    cloud.ask("Look", {"big.png": png(2400, 60)})
    assert sizes(operator.requests[0].json()) == [(1792, 45)]
    cloud.set("toggle", "original_size", value=True)
    cloud.ask("Look", {"big.png": png(2400, 60)})

    assert sizes(operator.requests[1].json()) == [(2400, 60)]


def test_the_prompt_form_cannot_carry_pictures(cloud: Tab, operator: WireServer) -> None:
    cloud.set("button_group", "form", "prompt")
    cloud.submit("Look", {"a.png": A})

    assert "messages" in cloud.toasts
    assert names(cloud) == ["a.png"]
    assert operator.requests == []
    cloud.set("button_group", "form", "messages")
    cloud.ask("Look")
    assert sizes(operator.requests[0].json()) == [(40, 30)]


def test_what_cannot_be_sent_stays_in_the_composer(tab: Tab) -> None:
    tab.set("button_group", "backend", "cloudflare")
    tab.submit("My long question", {"a.png": A})

    assert tab.toasts
    assert in_composer(tab) == "My long question"
    assert names(tab) == ["a.png"]
    tab.set("button_group", "backend", "builtin")
    tab.session.pace = None
    tab.ask("My long question")
    assert sizes(tab.body) == [(40, 30)]
