"""The Guided JSON page: the schema as form and JSON, and answers that are checked."""

import json
from dataclasses import replace
from typing import Any

import pytest

from schemas import EXAMPLE_SCHEMAS, check_answer, check_schema
from tests.components.pictures import png
from tests.components.tab import Tab
from tests.wire_server import Answer, WireServer

SCHEMA = {
    "type": "object",
    "properties": {"total": {"type": "number"}, "lines": {"type": "array"}},
    "required": ["total"],
}


@pytest.fixture
def page(tab: Tab) -> Tab:
    tab.go("guided_json")
    return tab


@pytest.fixture
def cloud_page(cloud: Tab) -> Tab:
    cloud.go("guided_json")
    return cloud


def schema(page: Tab) -> Any:
    return json.loads(page.session.settings.schema)


def write(page: Tab, value: object) -> None:
    """Write the schema as JSON, valid or not."""
    if not page.session.settings.schema:
        page.choose("begin-schema", "An empty schema")
    page.set("text_area", "code-schema", value if isinstance(value, str) else json.dumps(value))


def ask(page: Tab, prompt: str = "How much was it?") -> None:
    page.set("text_area", "guided_prompt", prompt)
    page.click("ask-guided")
    page.settled()


def answered(page: Tab, server: WireServer, text: object, *more: object) -> Tab:
    """Ask, and receive these answers."""
    write(page, SCHEMA)
    server.script(*map(Answer.json, (text, *more)))
    ask(page)
    return page


def test_an_empty_page_says_how_to_begin(page: Tab) -> None:
    assert "No schema yet" in page.everything
    page.click("ask-guided")
    assert "There is no schema yet" in page.toasts


def test_a_nested_schema_is_made_by_form_alone(page: Tab) -> None:
    page.choose("begin-schema", "An empty schema")
    page.click("Add a property")
    key = next(key for key in page.keys("text_input") if key.endswith("-name-p0"))
    page.set("text_input", key, "lines")
    kind = next(key for key in page.keys("selectbox") if key.endswith("-kind-p0"))
    page.set("selectbox", kind, "array")

    assert schema(page)["properties"]["lines"]["type"] == "array"
    assert page.at.text_area(key="code-schema").value == page.session.settings.schema
    assert check_schema(schema(page)) == ()


@pytest.mark.parametrize("text", ["{", "", "[]", '{"type": "text"}', '{"$ref": "http://host/x"}'])
def test_a_schema_that_is_not_valid_is_kept_marked_and_not_sent(page: Tab, text: str) -> None:
    write(page, text)
    assert page.session.settings.schema == text
    page.set("text_area", "guided_prompt", "Hello")
    page.click("ask-guided")

    assert not page.session.conversation.turns
    assert page.session.guided_page.prompt == "Hello"
    assert page.toasts


def test_every_change_can_be_taken_back(page: Tab) -> None:
    write(page, SCHEMA)
    write(page, "{")
    page.click("Undo")

    assert schema(page) == SCHEMA


@pytest.mark.parametrize("example", EXAMPLE_SCHEMAS, ids=lambda each: each.title)
def test_each_example_asks_about_its_picture_and_gets_a_valid_answer(
    page: Tab, example: Any
) -> None:
    page.choose("begin-schema", example.title)
    page.click("ask-guided")
    page.settled()

    assert page.body["guided_json"] == example.schema
    assert page.body["messages"][-1]["content"][0]["type"] == "image_url"
    assert check_answer(json.loads(page.turn.answer.text), example.schema) == ()
    assert "valid" in page.answer


def test_a_picture_is_accepted_and_a_file_that_is_not_one_is_named(page: Tab) -> None:
    write(page, SCHEMA)
    uploader = page.at.file_uploader(key="guided_files-0")
    uploader.upload("a.png", png(20, 20))
    uploader.upload("b.png", b"x")
    page.run()

    assert [picture.name for picture in page.session.guided_page.pictures] == ["a.png"]
    assert "b.png" in page.toasts


def test_a_schema_is_made_from_an_example(page: Tab) -> None:
    page.set("text_area", "code-source", '{"total": 2.5}\n\n{"total": 3, "tip": 1}')
    assert "Made from example JSON" in page.everything
    page.click("use-source")

    assert schema(page)["required"] == ["total"]
    assert set(schema(page)["properties"]) == {"total", "tip"}


def test_keywords_that_may_be_without_effect_are_named(page: Tab) -> None:
    write(page, {"type": "object", "properties": {"a": {"type": "number", "multipleOf": 2}}})

    assert "2 keywords that an engine may not enforce" in page.everything


def test_a_wrapper_is_replaced_by_the_schema_inside_at_one_click(page: Tab) -> None:
    write(page, {"name": "receipt", "strict": True, "schema": SCHEMA})
    assert "wrapper around a schema" in page.everything
    assert "valid schema" not in page.everything
    page.click("fix-")

    assert schema(page) == SCHEMA
    assert "valid schema" in page.everything


def test_what_json_schema_ignores_is_fixed_one_by_one_or_together(page: Tab) -> None:
    part = {"type": "string", "nullable": True, "minlength": 2}
    write(page, {"type": "object", "properties": {"a": part}, "requried": ["a"]})
    page.click("fix-requried")
    assert schema(page)["required"] == ["a"]
    page.click("fix-all")
    assert schema(page)["properties"]["a"] == {"type": ["string", "null"], "minLength": 2}


def test_a_schema_that_constrains_nothing_is_not_called_valid(page: Tab) -> None:
    write(page, {"title": "Receipt"})
    assert "accepts anything" in page.everything
    assert "valid schema" not in page.everything


def test_the_switch_for_the_chat_stays_as_it_was(page: Tab) -> None:
    write(page, SCHEMA)
    ask(page)
    assert page.body["guided_json"] == SCHEMA
    page.go("playground")
    page.ask("What does top_k do?")
    assert "guided_json" not in page.body


def test_the_schema_can_be_sent_from_the_chat_too(page: Tab) -> None:
    write(page, SCHEMA)
    page.go("playground")
    page.set("toggle", "guided", value=True)
    page.ask("How much is 5 plus 2?")

    assert page.body["guided_json"] == SCHEMA
    assert "valid" in page.answer


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", "no schema yet"),
        ('{"title": "A *bill*"}', r"A \*bill\*"),
        ('{"title": 3}', "cannot be sent"),
        ("{}", "the schema · not sent"),
    ],
)
def test_the_sidebar_says_which_schema_there_is(tab: Tab, text: str, label: str) -> None:
    tab.session.settings = replace(tab.session.settings, schema=text)
    tab.run()

    assert label in tab.at.toggle(key="guided").label
    assert tab.at.toggle(key="guided").disabled == (not text)


# Checking


def test_a_valid_answer_is_labeled_valid(cloud_page: Tab, operator: WireServer) -> None:
    page = answered(cloud_page, operator, '{"total": 5}')

    assert "valid" in page.answer
    assert "stream" not in page.body


@pytest.mark.parametrize("shape", ['{"total": 5}', {"total": 5}])
def test_an_object_is_accepted_like_a_string(
    cloud_page: Tab, operator: WireServer, shape: object
) -> None:
    assert '"total": 5' in answered(cloud_page, operator, shape).answer


def test_faults_are_located_and_marked_in_the_tree(cloud_page: Tab, operator: WireServer) -> None:
    page = answered(cloud_page, operator, '{"total": "5", "lines": 1}')

    assert "2 errors" in page.answer
    assert '"total": "5",  // ← ' in page.answer


def test_a_fence_is_removed_with_a_notice(cloud_page: Tab, operator: WireServer) -> None:
    page = answered(cloud_page, operator, '```json\n{"total": 5}\n```')

    assert "The code fence around the JSON was removed" in page.answer


def test_an_answer_that_is_cut_off_is_not_called_valid(
    cloud_page: Tab, operator: WireServer
) -> None:
    page = answered(cloud_page, operator, '{"total": 5, "lines": [1, 2')

    assert "cut off" in page.answer
    assert "lines" in page.answer
    assert not [key for key in page.keys("download_button") if key.startswith("download-json")]


def test_what_the_model_writes_is_never_markup(cloud_page: Tab, operator: WireServer) -> None:
    page = answered(cloud_page, operator, '{"![x](http://host/x.png)": ":red[a]", "total": 1}')

    assert "http://host" in page.answer
    assert not [
        each.value
        for each in page.at.markdown
        if "](http://host" in each.value.replace("\\", "") and "\\" not in each.value
    ]


def test_a_fix_is_asked_for_twice_at_most_and_what_it_changed_is_shown(
    cloud_page: Tab, operator: WireServer
) -> None:
    page = answered(cloud_page, operator, '{"total": "5"}', '{"total": "6"}', '{"total": "7"}')
    for _ in range(2):
        page.click("Ask for a fix")
        page.settled()

    assert page.body["guided_json"] == SCHEMA
    assert "Your answer does not follow the schema" in str(page.body["messages"][-1])
    assert not [button for button in page.at.button if button.label == "Ask for a fix"]
    assert '-  "total": "6"' in page.answer
    assert '+  "total": "7"' in page.answer
    assert len(page.session.conversation.turns) == 3


def test_a_fix_goes_by_the_schema_that_the_answer_was_asked_with(
    cloud_page: Tab, operator: WireServer
) -> None:
    page = answered(cloud_page, operator, '{"total": "5"}', '{"total": 6}')
    write(page, {"type": "object"})
    page.click("Ask for a fix")
    page.settled()

    assert page.body["guided_json"] == SCHEMA
    assert "valid" in page.answer
    assert schema(page) == {"type": "object"}
