"""The form for a JSON Schema, used like a person does: it alone can write a whole schema."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from schemas import check_schema

SCRIPT = """
import streamlit as st

from components.guided_json.schema_form import draw_schema_form
from schemas import check_schema

def edit(schema):
    st.session_state["schema"] = schema
    st.session_state["edits"] += 1

schema = st.session_state["schema"]
draw_schema_form(schema, edit, key="form", faults=check_schema(schema))
"""

NODE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "value": {"type": "number", "minimum": 0},
        "next": {"$ref": "#/$defs/node"},
    },
    "required": ["value"],
}


class Form:
    """The form alone on a page."""

    def __init__(self, schema: Any) -> None:
        self.at = AppTest.from_string(SCRIPT, default_timeout=20)
        self.at.session_state["schema"] = schema
        self.at.session_state["edits"] = 0
        self.run()

    def run(self) -> None:
        self.at.run()
        assert [error.value for error in self.at.exception] == []

    @property
    def schema(self) -> Any:
        return self.at.session_state["schema"]

    @property
    def edits(self) -> int:
        return int(self.at.session_state["edits"])

    @property
    def text(self) -> str:
        return "\n".join(each.value for each in [*self.at.markdown, *self.at.caption])

    def labels(self, kind: str) -> list[str]:
        return [each.label for each in getattr(self.at, kind)]

    def find(self, kind: str, label: str, at: int = 0) -> Any:
        return [each for each in getattr(self.at, kind) if each.label == label][at]

    def set(self, kind: str, label: str, value: object, at: int = 0) -> None:
        self.find(kind, label, at).set_value(value)
        self.run()

    def name(self, old: str, new: str) -> None:
        self.set("text_input", f"Name of {old}", new)

    def kind(self, of: str, kind: str) -> None:
        self.set("selectbox", f"Type of {of}", kind)

    def choose(self, of: str, action: str) -> None:
        self.find("menu_button", f"{of} actions").click(action)
        self.run()

    def click(self, label: str) -> None:
        self.find("button", label).click()
        self.run()

    def open(self, slot: str) -> None:
        """Open the details of a field, like its button does."""
        self.at.session_state[f"menu-more-form-{slot}"] = True
        self.run()


def test_a_nested_schema_is_built_by_the_form_alone() -> None:
    page = Form({})
    page.kind("the whole value", "object")
    page.click("Add a property")
    page.name("field", "stops")
    page.kind("stops", "array")
    page.kind("items of stops", "object")
    page.click("Add a property to each item")
    page.name("field", "city")
    page.set("checkbox", "required", value=True, at=1)
    page.set("text_input", "Description of city", "Where to stop")
    page.choose("items of stops", "Add a property inside")
    page.kind("field", "integer")

    assert page.schema == {
        "type": "object",
        "properties": {
            "stops": {
                "type": "array",
                "description": "",
                "items": {
                    "type": "object",
                    "properties": {
                        "city": {"type": "string", "description": "Where to stop"},
                        "field": {"type": "integer", "description": ""},
                    },
                    "required": ["city"],
                },
            }
        },
    }
    assert check_schema(page.schema) == ()


def test_a_renamed_field_stays_required_and_keeps_its_widgets() -> None:
    page = Form(NODE)
    key = page.find("text_input", "Name of value").key
    page.name("value", "amount $5")

    assert page.schema["required"] == ["amount $5"]
    assert list(page.schema["properties"]) == ["amount $5", "next"]
    assert page.find("text_input", r"Name of amount \$5").key == key


@pytest.mark.parametrize(("name", "reason"), [("", "Enter a name"), ("next", "already exists")])
def test_a_name_that_is_refused_stays_and_says_why(name: str, reason: str) -> None:
    page = Form(NODE)
    page.name("value", name)

    assert page.schema == NODE
    assert reason in page.text
    assert page.find("text_input", "Name of value").value == name
    page.click("Add a property")
    page.choose("field", "Delete")
    assert page.find("text_input", "Name of value").value == name
    page.name("value", "amount")
    assert reason not in page.text
    assert list(page.schema["properties"]) == ["amount", "next"]


def test_drawing_and_opening_everything_edits_nothing() -> None:
    page = Form({**NODE, "$defs": {"node": NODE}, "x": {"allOf": [1]}})
    for slot in ("whole", "p0", "p1", "d0", "d0p0"):
        page.open(slot)

    assert page.edits == 0


def test_enum_values_are_typed_one_per_line() -> None:
    page = Form({"type": "object", "properties": {"unit": {"type": "string"}}})
    page.open("p0")
    page.set("text_area", "`enum`", "celsius\nfahrenheit")
    page.set("text_input", "`default`", "celsius")

    assert page.schema["properties"]["unit"] == {
        "type": "string",
        "enum": ["celsius", "fahrenheit"],
        "default": "celsius",
    }
    assert "`enum` celsius, fahrenheit · `default` celsius" in page.text


def test_a_value_that_cannot_be_read_stays_in_its_box() -> None:
    page = Form(NODE)
    page.open("p0")
    page.set("text_input", "`maximum`", "ten")
    page.set("text_input", "Description of value", "How much")

    assert page.find("text_input", "`maximum`").value == "ten"
    assert '"ten" is not accepted; it must be a number' in page.text
    assert page.schema["properties"]["value"] == {
        "type": "number",
        "minimum": 0,
        "description": "How much",
    }
    page.set("text_input", "`maximum`", "10")
    assert page.schema["properties"]["value"]["maximum"] == 10
    assert "ten" not in page.text


def test_switches_of_lists_and_objects() -> None:
    page = Form({"type": "object", "properties": {"a": {"type": "array"}}})
    page.open("whole")
    page.set("selectbox", "`additionalProperties`", "false")
    page.open("p0")
    page.set("checkbox", "`uniqueItems`", value=True)
    page.click("Add items to a")

    assert page.schema["additionalProperties"] is False
    assert page.schema["properties"]["a"] == {
        "type": "array",
        "uniqueItems": True,
        "items": {"type": "string"},
    }
    page.set("selectbox", "`additionalProperties`", "")
    page.set("checkbox", "`uniqueItems`", value=False)
    assert "additionalProperties" not in page.schema
    assert "uniqueItems" not in page.schema["properties"]["a"]


def test_fields_are_moved_duplicated_and_deleted() -> None:
    page = Form(NODE)
    assert page.find("menu_button", "value actions").options[0] == "Move down"
    page.choose("value", "Move down")
    assert list(page.schema["properties"]) == ["next", "value"]
    names = [each.value for each in page.at.text_input if each.label.startswith("Name of")]
    assert names == ["next", "value"]
    page.choose("value", "Duplicate")
    assert page.schema["required"] == ["value", "value_2"]
    page.choose("value", "Delete")

    assert list(page.schema["properties"]) == ["next", "value_2"]
    assert page.schema["required"] == ["value_2"]


def test_a_schema_that_contains_itself_is_built() -> None:
    page = Form({"type": "object", "properties": {}})
    page.click("Add a definition")
    page.name("definition", "node")
    page.kind("node", "object")
    page.click("Add a property to node")
    page.name("field", "next")
    page.kind("next", "ref")
    assert page.schema["$defs"]["node"]["properties"]["next"]["$ref"] == "#"
    page.set("selectbox", "Target of next", "#/$defs/node")
    page.name("node", "link/1")

    inner = page.schema["$defs"]["link/1"]["properties"]["next"]
    assert inner == {"$ref": "#/$defs/link~11", "description": ""}
    assert check_schema(page.schema) == ()


def test_what_the_form_cannot_show_is_named_and_kept() -> None:
    either = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    page = Form({"type": "object", "properties": {"a": either, "b": True}})
    page.set("text_input", "Description of a", "Perhaps")
    page.name("a", "c")
    page.set("checkbox", "required", value=True, at=1)

    assert page.schema == {
        "type": "object",
        "properties": {"c": {**either, "description": "Perhaps"}, "b": True},
        "required": ["b"],
    }
    assert "as JSON: anyOf" in page.text
    assert "Edited as JSON." in page.text
    assert "Description of b" not in page.labels("text_input")


def test_a_fault_is_shown_in_its_row_and_one_without_a_row_on_top() -> None:
    page = Form({**NODE, "required": True, "$defs": {"node": {"type": "string", "minLength": -1}}})

    lines = [each.value for each in page.at.markdown]
    [top] = [at for at, line in enumerate(lines) if "required: true is not accepted" in line]
    [inner] = [at for at, line in enumerate(lines) if "minLength: -1 is not accepted" in line]
    [group] = [at for at, line in enumerate(lines) if "Definitions" in line]
    assert top < group < inner


@pytest.mark.parametrize("schema", [True, 5, [], {"$defs": []}])
def test_any_value_can_be_drawn_and_made_an_object(schema: Any) -> None:
    page = Form(schema)
    page.kind("the whole value", "object")

    assert page.schema["properties"] == {}


def test_text_from_outside_is_shown_as_it_is() -> None:
    name = ":red[x] ![p](http://h/p) $1$"
    part = {"type": "object", "const": {name: 1}, name: 1}
    page = Form({"type": "object", "properties": {name: part}})
    sent = [*page.labels("text_input"), *page.labels("button"), *page.labels("menu_button")]

    for text in [*sent, *page.text.split("\n")]:
        assert "![p]" not in text.replace(r"\!", "")
        assert ":red[x]" not in text


def test_a_lone_surrogate_breaks_nothing() -> None:
    half = "\ud800"
    part = {"type": "object", half: 1, "description": half, "default": {half: half}}
    ref = {"$ref": f"#/$defs/{half}"}
    page = Form({"type": "object", "properties": {half: part, "b": ref}, "$defs": {half: part}})
    page.open("p0")
    page.name("b", "c")

    assert page.schema["properties"] == {half: part, "c": ref}
