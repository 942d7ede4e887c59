"""The Tools page: a draft as form and as JSON, import, export, and what is sent."""

import json
from typing import Any

import pytest

from tests.components.conftest import OpenTab
from tests.components.tab import Tab
from tests.wire_server import Answer, WireServer
from tools import EXAMPLE_TOOLS, RUNNABLE_TOOLS


@pytest.fixture
def page(tab: Tab) -> Tab:
    """A tab on the Tools page."""
    tab.go("tools")
    return tab


def add(page: Tab, choice: str = "New tool") -> None:
    page.choose("add-tool", choice)


def draft(page: Tab, at: int = 0) -> Any:
    """Return a tool as its parsed JSON."""
    return json.loads(page.session.settings.tools[at].text)


def write(page: Tab, text: str, at: int = 0) -> None:
    page.set("text_area", f"code-json-{at}", text)


def box(page: Tab, kind: str, ending: str) -> str:
    """Return the key of the only widget of a kind whose key ends with `ending`."""
    [key] = [key for key in page.keys(kind) if key.endswith(ending)]
    return key


def test_an_empty_page_says_how_to_begin(page: Tab) -> None:
    assert "No tools yet" in page.everything


def test_a_tool_is_made_by_form_alone(page: Tab) -> None:
    add(page)
    assert "2 errors" in page.everything
    page.set("text_input", "name-0", "get_weather")
    page.set("text_area", "description-0", "Get the weather of a city")
    page.click("Add a property")
    page.set("text_input", box(page, "text_input", "-name-p0"), "city")
    page.set("text_input", box(page, "text_input", "-description-p0"), "The city")
    page.set("checkbox", box(page, "checkbox", "-required-p0"), value=True)

    assert draft(page) == {
        "name": "get_weather",
        "description": "Get the weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "The city"}},
            "required": ["city"],
        },
    }
    assert page.session.settings.tools[0].draft.faults == ()
    assert page.at.text_area(key="code-json-0").value == page.session.settings.tools[0].text


def test_what_is_typed_as_json_appears_in_the_form(page: Tab) -> None:
    add(page, "Example: Weather")
    write(page, json.dumps({**draft(page), "name": "look_out", "description": "Looks out"}))

    assert page.at.text_input(key="name-0").value == "look_out"
    assert page.at.text_area(key="description-0").value == "Looks out"


@pytest.mark.parametrize("text", ["{", "", "[]", "null", '"x"', "NaN", "[" * 3000, '{"a":' * 999])
def test_a_draft_that_is_not_a_tool_is_kept_and_marked(page: Tab, text: str) -> None:
    add(page, "Example: Weather")
    write(page, text)

    assert page.session.settings.tools[0].text == text
    assert "1 error" in page.everything
    page.go("playground")
    page.submit("Hello")
    assert "Nothing was sent" in page.toasts
    assert page.at.chat_input(key="message").value == "Hello"
    assert not page.session.conversation.turns


def test_a_draft_that_is_switched_off_keeps_nobody_from_sending(page: Tab) -> None:
    add(page)
    page.set("toggle", "offered-0", value=False)
    page.go("playground")
    page.ask("What does top_k do?")

    assert "tools" not in page.body


def test_a_fault_has_a_path_and_a_fix(page: Tab) -> None:
    add(page, "Example: Weather")
    tool = draft(page)
    tool["parameters"]["required"] = ["town"]
    write(page, json.dumps(tool))

    assert "parameters.required" in page.everything
    page.click("fix-0-0")
    assert draft(page)["parameters"]["required"] == []
    assert page.session.settings.tools[0].draft.faults == ()


def test_two_tools_of_one_name_are_told_apart(page: Tab) -> None:
    add(page, "Example: Weather")
    add(page, "Example: Weather")

    assert "another tool is already named" in page.everything
    page.click("fix-1-0")
    assert draft(page, 1)["name"] == "get_weather_2"


def test_every_change_can_be_undone(page: Tab) -> None:
    add(page, "Example: Weather")
    before = page.session.settings.tools
    write(page, "{")
    page.choose("menu-tool-0", "Delete")
    page.click("Undo")
    assert page.session.settings.tools[0].text == "{"
    page.click("Undo")
    assert page.session.settings.tools == before
    page.click("Undo")
    assert page.session.settings.tools == ()


def test_tools_are_copied_and_moved(page: Tab) -> None:
    add(page, "Example: Weather")
    add(page, "Example: Currency")
    page.choose("menu-tool-0", "Duplicate")
    names = [tool.name for tool in page.session.settings.tools]
    assert names == ["get_weather", "get_weather_2", "convert_currency"]
    page.choose("menu-tool-2", "Move up")
    names = [tool.name for tool in page.session.settings.tools]
    assert names == ["get_weather", "convert_currency", "get_weather_2"]


def test_both_documented_shapes_are_written_and_sent(page: Tab) -> None:
    add(page, "Example: Weather")
    flat = draft(page)
    page.set("segmented_control", "shape-0", value=True)

    assert draft(page) == {"type": "function", "function": flat}
    page.set("text_input", "name-0", "weather_now")
    assert draft(page)["function"]["name"] == "weather_now"
    page.go("playground")
    page.ask("What is the weather in Paris?")
    assert page.body["tools"] == [{"type": "function", "function": {**flat, "name": "weather_now"}}]


def test_every_example_is_valid_and_has_a_canned_reply(page: Tab) -> None:
    for example in EXAMPLE_TOOLS.values():
        add(page, f"Example: {example.title}")

    tools = page.session.settings.tools
    assert [tool.name for tool in tools] == list(EXAMPLE_TOOLS)
    assert all(tool.draft.tool and tool.answered == "fixed" for tool in tools)


def test_built_in_tools_are_offered_as_they_are(page: Tab) -> None:
    for name in RUNNABLE_TOOLS:
        add(page, f"Built-in: {name}")

    tools = page.session.settings.tools
    assert [tool.draft.tool for tool in tools] == [t.definition for t in RUNNABLE_TOOLS.values()]
    assert all(tool.answered == "run" for tool in tools)


def test_an_invalid_canned_reply_says_why(page: Tab) -> None:
    add(page, "Example: Weather")
    page.at.number_input(key="status-0").set_value(7)
    page.run()

    assert "a whole number from 100 to 599" in page.everything


def test_tools_come_from_a_python_function_and_say_what_was_lost(page: Tab) -> None:
    source = 'def add(a: int, b: int = 2, *rest: int) -> int:\n    """Add numbers."""\n'
    page.set("text_area", "code-import", source)

    assert "Found in Python functions" in page.everything
    assert "changed or left out" in page.everything
    page.click("add-imported")
    assert draft(page)["name"] == "add"
    assert page.at.text_area(key="code-import").value == ""


def test_what_is_not_a_tool_is_refused_with_a_sentence(page: Tab) -> None:
    page.set("text_area", "code-import", "Hello")

    assert "No tool was recognized" in page.everything
    assert "add-imported" not in page.keys("button")


def test_tools_are_exported_for_other_apis(page: Tab) -> None:
    add(page, "Example: Weather")
    add(page)
    page.set("segmented_control", "export_form", "anthropic")

    assert "input_schema" in page.everything
    assert "Left out because they are invalid: an unnamed tool" in page.everything


def test_the_text_that_describes_tools_is_shown_and_can_be_changed(page: Tab) -> None:
    add(page, "Example: Weather")
    page.set("segmented_control", "offering", "prompt")
    page.set("text_area", "code-instructions", "These may be called: {{tools}}")

    assert "These may be called: [" in page.everything
    page.go("playground")
    page.ask("Hello")
    assert page.body["messages"][0]["content"][0]["text"].startswith("These may be called: [")
    page.go("tools")
    page.set("text_area", "code-instructions", "No list")
    assert "the prompt does not list the tools" in page.everything
    page.click("Reset to default text")
    assert page.session.settings.instructions == ""


def test_functions_are_shown_and_sent(page: Tab) -> None:
    page.click("Add a function")
    page.set("text_area", "code-function-code-0", "raise SystemExit")
    page.go("playground")
    page.ask("Hello")

    assert page.body["functions"] == [{"name": "function_1", "code": "raise SystemExit"}]


def test_a_name_from_outside_marks_nothing_up(page: Tab) -> None:
    add(page, "Example: Weather")
    tool = draft(page)
    tool["name"] = "![x](http://host/a.png)"
    tool["description"] = ":red[x] $a$ ![x](http://host/b.png)"
    write(page, json.dumps(tool))
    page.click("edit-tool-0")

    shown = page.sent_to_browser.replace("\\\\", "\\")
    assert "**![x]" not in shown
    assert r"\!\[x\]" in shown or "!\u2060[" in shown or r"!\[" in shown


def test_the_tools_of_a_chat_come_back_with_it(page: Tab, open_tab: OpenTab) -> None:
    add(page, "Example: Weather")
    page.go("playground")
    page.ask("Hello")

    again = open_tab(c=page.session.conversation.id)
    assert [tool.name for tool in again.session.settings.tools] == ["get_weather"]


def test_a_backend_that_loses_streams_is_asked_without(cloud: Tab, operator: WireServer) -> None:
    cloud.go("tools")
    add(cloud, "Example: Weather")
    assert "streams with tools have lost text" in cloud.everything
    cloud.go("playground")
    operator.script(Answer.json("It rains."))
    cloud.ask("What is the weather?")

    assert "stream" not in cloud.body
    assert "It rains." in cloud.answer
