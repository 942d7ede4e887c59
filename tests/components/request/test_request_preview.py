"""The panel that shows the next request and the last one."""

import json
from typing import Any

from streamlit.runtime.memory_media_file_storage import _calculate_file_id

from components.request.request_preview import NEXT_MESSAGE, folded
from tests.components.conftest import API_TOKEN
from tests.components.pictures import png
from tests.components.tab import Tab, nodes
from tests.wire_server import Failure, WireServer


def copied(tab: Tab, key: str = "copy-next") -> bytes:
    """Return the text behind the copy button."""
    for node in nodes(tab.at._tree):
        proto: Any = getattr(node, "proto", None)
        if proto is not None and key in str(getattr(proto, "id", "")):
            text: str = json.loads(proto.json)["text"]
            return text.encode()
    raise AssertionError(f"there is no button {key}")


def is_download_of(tab: Tab, key: str, data: bytes) -> bool:
    """Whether the download button serves exactly these bytes: its URL contains their hash."""
    url = tab.at.download_button(key=key).proto.url
    return _calculate_file_id(data, "application/json", "request.json") in url


def shown(tab: Tab) -> list[Any]:
    """Return the JSON that the panel shows."""
    return [json.loads(code.value) for code in tab.at.code if code.value.startswith("{")]


def test_the_preview_is_what_a_server_receives(cloud: Tab, operator: WireServer) -> None:
    cloud.ask("First")
    cloud.set("toggle", "show_request", value=True)
    cloud.set("toggle", "temperature_sent", value=True)
    cloud.set("text_area", "system", "Be brief: Grüße, “\u2028” 🙂")
    preview = copied(cloud)
    next_body = shown(cloud)[0]
    addresses = [code.value for code in cloud.at.code]
    cloud.ask(NEXT_MESSAGE)

    request = operator.requests[-1]
    assert request.body == preview
    assert next_body == request.json()
    assert f"{operator.origin}{request.path}" in addresses


def test_the_download_is_what_a_server_receives(cloud: Tab, operator: WireServer) -> None:
    cloud.set("toggle", "show_request", value=True)
    buttons = cloud.at.download_button(key="download-next").proto.url
    cloud.ask(NEXT_MESSAGE)
    received = operator.requests[-1].body

    assert _calculate_file_id(received, "application/json", "request.json") in buttons
    assert is_download_of(cloud, "download-last", received)


def test_the_preview_follows_every_control(tab: Tab) -> None:
    tab.set("toggle", "show_request", value=True)
    assert shown(tab)[0].keys() == {"messages", "stream"}
    tab.set("toggle", "seed_sent", value=True)
    assert shown(tab)[0]["seed"] == 42
    tab.set("text_input", "seed_text", "7")
    assert shown(tab)[0]["seed"] == 7
    tab.set("text_input", "seed_text", "0")
    assert shown(tab)[0]["seed"] == 7
    tab.set("button_group", "form", "prompt")

    assert shown(tab)[0] == {"prompt": NEXT_MESSAGE, "stream": True, "seed": 7}


def test_a_picture_is_folded_for_reading_and_whole_for_copying(
    cloud: Tab, operator: WireServer
) -> None:
    cloud.set("toggle", "show_request", value=True)
    cloud.submit(NEXT_MESSAGE, {"a.png": png(40, 30), "broken.png": b"not a picture"})
    preview = copied(cloud)
    [body] = shown(cloud)
    cloud.ask(NEXT_MESSAGE)

    received = operator.requests[-1]
    assert received.body == preview
    assert body == folded(received.json())
    [url] = [
        part["image_url"]["url"] for part in body["messages"][0]["content"] if "image_url" in part
    ]
    assert url.startswith("data:image/png;base64,")
    assert len(url) < 80


def test_only_long_data_uris_are_folded() -> None:
    long, short = "data:image/png;base64," + "A" * 100, "data:,x"
    value: dict[str, Any] = {"a": [long, short, "x" * 100, 5, None], "b": {"c": long}}

    result = folded(value)
    assert result["a"][1:] == [short, "x" * 100, 5, None]
    assert result["b"]["c"] == result["a"][0] != long
    assert value == {"a": [long, short, "x" * 100, 5, None], "b": {"c": long}}


def test_what_was_sent_last_stays_though_the_controls_move_on(cloud: Tab) -> None:
    cloud.set("toggle", "show_request", value=True)
    cloud.ask("Hello")
    cloud.set("toggle", "top_k_sent", value=True)
    following, last = shown(cloud)

    assert following["top_k"] == 40
    assert "top_k" not in last
    assert len(last["messages"]) == 1
    assert len(following["messages"]) == 3


def test_what_came_back_is_shown_a_failure_too(cloud: Tab, operator: WireServer) -> None:
    operator.script(Failure.status(code=5018))
    cloud.set("toggle", "show_request", value=True)
    cloud.ask("Hello")

    assert "HTTP 403" in cloud.everything
    assert any('"code":5018' in code.value for code in cloud.at.code)
    assert API_TOKEN not in cloud.sent_to_browser


def test_the_panel_says_what_is_missing_before_anything_can_be_sent(tab: Tab) -> None:
    tab.set("toggle", "show_request", value=True)
    tab.set("button_group", "backend", "cloudflare")

    assert "account ID" in tab.everything
    assert not tab.has("download-next")
