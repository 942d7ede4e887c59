"""The whole app in Chromium with a real engine: a picture, a schema and a tool."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.acting import rested, send
from tests.browser.conftest import ROOT
from tests.browser.test_guided_json import begin_with, fill
from tests.components.pictures import png
from tests.engine.conftest import engine, tiny_gemma

if TYPE_CHECKING:
    from tests.engine.running import RunningEngine

pytestmark = [pytest.mark.browser, pytest.mark.engine]

__all__ = ["engine", "tiny_gemma"]

CALL = {
    "type": "object",
    "properties": {
        "name": {"const": "add"},
        "parameters": {
            "type": "object",
            "properties": {"a": {"enum": [2]}, "b": {"enum": [3]}},
            "required": ["a", "b"],
            "additionalProperties": False,
        },
    },
    "required": ["name", "parameters"],
    "additionalProperties": False,
}
"""This schema makes up for the sense that random weights lack."""

ADD = {
    "name": "add",
    "description": "Add two numbers",
    "parameters": {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "description": "The first"},
            "b": {"type": "integer", "description": "The second"},
        },
        "required": ["a", "b"],
    },
}


@pytest.fixture
def app(engine: "RunningEngine", run_streamlit: Callable[..., str]) -> str:
    port = engine.url.rpartition(":")[2]
    return run_streamlit(ROOT / "app.py", env={"CABOCHON_ENGINE_PORTS": port})


@pytest.fixture
def tab(profile: Callable[..., Any], app: str) -> Any:
    opened = profile(height=1000).new_page()
    opened.goto(f"{app}/?max_tokens=200&seed=1")
    opened.get_by_text("Found · llama-server").wait_for()
    return opened


def write_json(tab: Any, value: Any) -> None:
    box = tab.get_by_label("JSON", exact=True)
    box.fill(json.dumps(value))
    box.press("Tab")
    rested(tab)


def test_an_engine_is_found_and_answers_about_a_picture_with_a_schema_and_a_tool(
    tab: Any, tmp_path: Path
) -> None:
    picture = tmp_path / "red.png"
    picture.write_bytes(png(40, 30, "red"))
    tab.get_by_test_id("stChatInput").locator("input[type=file]").set_input_files(picture)
    tab.get_by_text("red.png").first.wait_for()
    send(tab, "What is in this picture?")
    tab.locator(".stChatMessage").get_by_text("llama-server · gemma-3-tiny").first.wait_for()
    assert "llama-server" in tab.locator(".stChatMessage").last.inner_text()

    tab.get_by_role("link", name="Guided JSON").click()
    begin_with(tab, "An empty schema")
    write_json(tab, CALL)
    fill(tab, "Prompt", "What is 2 and 3?")
    tab.get_by_role("button", name="Ask", exact=True).click()
    tab.locator(".stChatMessage").get_by_text("valid").first.wait_for()
    rested(tab)
    tab.get_by_text("Also in the chat").click()
    rested(tab)

    tab.get_by_role("link", name="Tools").click()
    tab.get_by_role("button", name="Add a tool").click()
    tab.get_by_role("menuitem", name="New tool", exact=True).click()
    rested(tab)
    write_json(tab, ADD)
    tab.get_by_role("link", name="Go to chat").click()
    tab.get_by_role("button", name="Chats").wait_for()
    send(tab, "What is 2 and 3?")
    tab.get_by_text("Recovered from text").wait_for()
    assert json.loads(tab.get_by_label("Arguments").input_value()) == {"a": 2, "b": 3}
