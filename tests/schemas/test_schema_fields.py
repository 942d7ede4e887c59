from typing import Any

import pytest

from schemas import check_schema
from schemas.schema_fields.draft import NAME, SchemaDraft
from schemas.schema_fields.field_kinds import set_kind
from schemas.schema_fields.fields import faults_by_place, fields
from schemas.schema_fields.keyword_boxes import text_of, with_text
from schemas.schema_fields.operations import (
    add_definition,
    add_items,
    add_property,
    set_required,
    unset_keyword,
)
from schemas.schema_fields.paths import SchemaEditError
from schemas.schema_fields.references import reference_targets, reference_to
from schemas.schema_fields.reorder import duplicate, move, remove, rename
from workers_ai import Fault

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "Where"},
        "stops": {
            "type": "array",
            "items": {"type": "object", "properties": {"at": {"type": "number"}}},
        },
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "node": {"$ref": "#/$defs/node"},
    },
    "required": ["city", "ghost"],
    "$defs": {
        "node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}},
    },
}
CITY = ("properties", "city")
STOPS = ("properties", "stops")
NODE = ("$defs", "node")


def keys(schema: Any, place: tuple[str, ...]) -> list[str]:
    for key in place:
        schema = schema[key]
    return list(schema)


def the_property(part: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": part}}


def as_kind(part: Any, kind: str) -> Any:
    return set_kind(the_property(part), ("properties", "a"), kind)["properties"]["a"]


def typed(part: Any, keyword: str, text: str) -> Any:
    return with_text(the_property(part), ("properties", "a"), keyword, text)["properties"]["a"]


def test_every_part_is_a_row_depth_first_and_definitions_come_last() -> None:
    rows = [(row.depth, row.role, row.name, row.kind, row.required) for row in fields(SCHEMA)]

    assert rows == [
        (0, "property", "city", "string", True),
        (0, "property", "stops", "array", False),
        (1, "items", "", "object", None),
        (2, "property", "at", "number", False),
        (0, "property", "either", "other", False),
        (0, "property", "node", "ref", False),
        (0, "definition", "node", "object", None),
        (1, "property", "next", "ref", False),
    ]
    assert [row.in_definitions for row in fields(SCHEMA)] == [False] * 6 + [True] * 2


@pytest.mark.parametrize("schema", [True, False, 5, None, [], "object", {}, {"type": "string"}])
def test_what_has_no_parts_has_no_rows(schema: Any) -> None:
    assert fields(schema) == ()


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (True, "other"),
        ({}, "other"),
        ({"type": ["string", "null"]}, "other"),
        ({"type": "strng"}, "other"),
        ({"oneOf": []}, "other"),
        ({"$ref": "#", "type": "object"}, "ref"),
        ({"$ref": 5, "type": "object"}, "object"),
        ({"type": "object", "allOf": [{}]}, "object"),
    ],
)
def test_a_row_has_the_kind_that_the_form_shows(part: Any, kind: str) -> None:
    [row] = fields(the_property(part))

    assert row.kind == kind


def test_a_row_names_the_keywords_that_it_does_not_show() -> None:
    [row] = fields(the_property({"type": "string", "minLength": 1, "allOf": [], "x": 1}))

    assert row.unshown == ("allOf", "x")


def test_properties_that_are_called_like_keywords_are_told_apart() -> None:
    inner = {"type": "array", "items": {"type": "string"}}
    schema = {"type": "object", "properties": {"properties": inner, "items": {"type": "null"}}}

    rows = {row.place: (row.role, row.label) for row in fields(schema)}
    assert rows == {
        ("properties", "properties"): ("property", "properties"),
        ("properties", "properties", "items"): ("items", "items of properties"),
        ("properties", "items"): ("property", "items"),
    }
    changed = remove(schema, ("properties", "properties", "items"))
    assert changed["properties"] == {"properties": {"type": "array"}, "items": {"type": "null"}}


def test_a_hundred_and_fifty_levels_are_read_and_edited() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(150):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    schema = {**schema, "$defs": {"b": {"type": "string"}}}

    row = fields(schema)[149]
    assert row.depth == 149
    changed = rename(schema, row.place, "b")
    changed = set_kind(changed, (*row.place[:-1], "b"), "integer")
    changed = rename(changed, ("$defs", "b"), "c")
    assert (fields(changed)[149].name, fields(changed)[149].kind) == ("b", "integer")
    assert fields(changed)[149].required is True


def test_what_is_added_is_a_string_with_a_name_of_its_own() -> None:
    schema = add_property(add_property({"type": "object", "required": ["field_2"]}, ()), ())

    assert schema["properties"] == {
        "field": {"type": "string", "description": ""},
        "field_3": {"type": "string", "description": ""},
    }
    assert schema["required"] == ["field_2"]


def test_items_are_added_once() -> None:
    schema = add_items({"type": "array"}, ())

    assert schema == {"type": "array", "items": {"type": "string"}}
    with pytest.raises(SchemaEditError, match="already"):
        add_items(schema, ())


def test_definitions_are_added_where_others_are() -> None:
    assert keys(add_definition({}), ("$defs",)) == ["definition"]
    assert keys(add_definition(SCHEMA), ("$defs",)) == ["node", "definition"]
    older = add_definition({"definitions": {"a": {}}})
    assert keys(older, ("definitions",)) == ["a", "definition"]


def test_a_renamed_property_stays_required_and_in_its_position() -> None:
    schema = rename(SCHEMA, CITY, "größe/~ 1")

    assert keys(schema, ("properties",))[0] == "größe/~ 1"
    assert schema["required"] == ["größe/~ 1", "ghost"]
    assert SCHEMA["required"] == ["city", "ghost"]


@pytest.mark.parametrize(("name", "reason"), [("", "Enter a name"), ("stops", "already")])
def test_a_name_that_cannot_be_is_refused(name: str, reason: str) -> None:
    with pytest.raises(SchemaEditError, match=reason):
        rename(SCHEMA, CITY, name)


def test_an_empty_name_can_be_corrected() -> None:
    schema = {"type": "object", "properties": {"": {"type": "null"}}, "required": [""]}

    assert rename(schema, ("properties", ""), "a") == {
        "type": "object",
        "properties": {"a": {"type": "null"}},
        "required": ["a"],
    }


@pytest.mark.parametrize("required", [True, "city", {"city": 1}, None])
def test_required_that_is_not_a_list_is_left_alone_until_it_is_asked_for(required: Any) -> None:
    schema = {**SCHEMA, "required": required}

    for changed in (rename(schema, CITY, "b"), remove(schema, CITY), duplicate(schema, CITY)):
        assert changed["required"] == required
    assert set_required(schema, CITY, required=False) is schema
    assert set_required(schema, CITY, required=True)["required"] == ["city"]


def test_the_list_of_required_comes_and_goes() -> None:
    schema = the_property({"type": "null"})
    place = ("properties", "a")

    required = set_required(schema, place, required=True)
    assert required["required"] == ["a"]
    assert "required" not in set_required(required, place, required=False)
    assert "required" not in remove(required, place)
    assert remove({**schema, "required": []}, place)["required"] == []
    with pytest.raises(SchemaEditError, match="property"):
        set_required(SCHEMA, NODE, required=True)


def test_a_copy_follows_its_original_and_is_as_required() -> None:
    schema = duplicate(SCHEMA, CITY)

    assert keys(schema, ("properties",))[:3] == ["city", "city_2", "stops"]
    assert schema["required"] == ["city", "city_2", "ghost"]


def test_a_part_moves_among_its_siblings_and_not_beyond() -> None:
    names = keys(SCHEMA, ("properties",))

    assert keys(move(SCHEMA, CITY, 1), ("properties",)) == [names[1], names[0], *names[2:]]
    assert keys(move(SCHEMA, CITY, -1), ("properties",)) == names
    assert keys(move(SCHEMA, CITY, 99), ("properties",)) == [*names[1:], "city"]


def test_references_follow_a_definition_that_is_renamed() -> None:
    foreign = {"$id": "urn:x", "$ref": "#/$defs/node"}
    parts = {"enum": [{"$ref": "#/$defs/node"}], "allOf": [{"$ref": "#/$defs/node/items"}]}
    schema = {**SCHEMA, "not": foreign, **parts}

    changed = rename(schema, NODE, "a b/c~")
    assert reference_to(("$defs", "a b/c~")) == "#/$defs/a%20b~1c~0"
    assert changed["properties"]["node"] == {"$ref": "#/$defs/a%20b~1c~0"}
    assert changed["$defs"]["a b/c~"]["properties"]["next"] == {"$ref": "#/$defs/a%20b~1c~0"}
    assert changed["allOf"] == [{"$ref": "#/$defs/a%20b~1c~0/items"}]
    assert changed["enum"] == parts["enum"]
    assert changed["not"] == foreign
    assert check_schema(rename(SCHEMA, NODE, "a b/c~")) == ()
    assert rename(changed, ("$defs", "a b/c~"), "node") == schema


def test_references_can_point_to_every_definition_and_to_the_whole() -> None:
    schema: dict[str, Any] = {"$defs": {"a/b": {}}, "definitions": {"a/b": {}}}

    assert reference_targets(schema) == {
        "#": "the whole schema",
        "#/$defs/a~1b": "a/b",
        "#/definitions/a~1b": "a/b",
    }


def test_the_last_definition_takes_the_group_with_it() -> None:
    assert "$defs" not in remove(SCHEMA, NODE)


@pytest.mark.parametrize(
    ("part", "kind", "becomes"),
    [
        (
            {"description": "d", "type": "string", "x": 1},
            "null",
            {"description": "d", "type": "null", "x": 1},
        ),
        ({"type": "string", "minLength": 1, "format": "date"}, "integer", {"type": "integer"}),
        (
            {"type": "number", "minimum": 1, "format": "f"},
            "integer",
            {"type": "integer", "minimum": 1, "format": "f"},
        ),
        ({"type": "string", "enum": ["1"], "default": "1"}, "number", {"type": "number"}),
        (
            {"type": "integer", "enum": [1], "const": 1},
            "number",
            {"type": "number", "enum": [1], "const": 1},
        ),
        ({"type": "string"}, "array", {"type": "array", "items": {"type": "string"}}),
        ({"type": "string"}, "object", {"type": "object", "properties": {}}),
        (
            {"title": "t", "type": "object", "properties": {}, "required": []},
            "ref",
            {"title": "t", "$ref": "#"},
        ),
        ({"$ref": "#", "title": "t"}, "string", {"type": "string", "title": "t"}),
        ({"title": "t", "anyOf": [{}]}, "string", {"type": "string", "title": "t"}),
        ({"properties": {"b": {}}}, "object", {"type": "object", "properties": {"b": {}}}),
        (
            {"type": ["string", "null"], "maxLength": 2},
            "string",
            {"type": "string", "maxLength": 2},
        ),
        (True, "string", {"type": "string"}),
    ],
)
def test_another_type_keeps_what_still_means_something(part: Any, kind: str, becomes: Any) -> None:
    changed = as_kind(part, kind)

    assert (changed, list(changed)) == (becomes, list(becomes))


def test_there_are_no_other_types() -> None:
    with pytest.raises(SchemaEditError, match="must be one of string"):
        as_kind({"type": "string"}, "text")


@pytest.mark.parametrize(
    ("part", "keyword", "text", "value"),
    [
        ({"type": "string"}, "enum", 'a\n\n b \n5\n"5"\n"a\\nb"', ["a", "b", "5", "5", "a\nb"]),
        ({"type": "integer"}, "enum", "1\n2.0", [1, 2.0]),
        ({"type": "string"}, "const", "true", "true"),
        ({"type": "string"}, "default", '""', ""),
        ({"type": "boolean"}, "default", "false", False),
        ({"type": "array"}, "default", "[1]", [1]),
        ({"$ref": "#"}, "default", "null", None),
        ({"type": "string"}, "minLength", " 3 ", 3),
        ({"type": "number"}, "multipleOf", "0.1", 0.1),
        ({"type": "string"}, "pattern", "^a+$", "^a+$"),
        ({"type": "array"}, "uniqueItems", "true", True),
        ({"type": "object"}, "additionalProperties", "false", False),
        ({"type": "string"}, "description", "a\nb ", "a\nb "),
    ],
)
def test_a_box_is_read_and_shown_again(part: Any, keyword: str, text: str, value: Any) -> None:
    changed = typed(part, keyword, text)

    assert changed == {**part, keyword: value}
    assert type(changed[keyword]) is type(value)
    assert typed(part, keyword, text_of(changed, keyword)) == changed


@pytest.mark.parametrize(
    ("part", "keyword", "text", "reason"),
    [
        ({"type": "number"}, "minimum", "abc", '"abc" is not accepted; it must be a num'),
        ({"type": "string"}, "maxLength", "-1", "-1 is not accepted; it must be a whole number"),
        ({"type": "string"}, "pattern", "(a", "is not a regular expression"),
        ({"type": "integer"}, "enum", "1\nx", 'Line 2: "x" is not accepted; it must be a'),
        ({"type": "integer"}, "default", "1.5", "1.5 is not accepted; it must be a whole number"),
        ({"type": "boolean"}, "const", '"true"', "must be true or false"),
        ({"type": "string"}, "default", '"a', "This is not JSON at line 1"),
        ({"type": "object"}, "default", "{a: 1}", "This is not JSON at line 1"),
        ({"type": "array"}, "default", "{}", "must be a list"),
        (True, "description", "d", "edit it as JSON"),
    ],
)
def test_a_box_that_cannot_be_read_is_refused_with_the_reason(
    part: Any, keyword: str, text: str, reason: str
) -> None:
    with pytest.raises(SchemaEditError) as refused:
        typed(part, keyword, text)

    assert reason in refused.value.message


def test_an_empty_box_removes_its_keyword() -> None:
    part = {"type": "string", "default": "x", "description": ""}

    assert typed(part, "default", " ") == {"type": "string", "description": ""}
    assert typed(part, "description", "") == part
    assert unset_keyword(part, (), "title") is part


def test_an_unchanged_line_keeps_its_exact_value() -> None:
    part = {"type": "string", "enum": ["a", 5, "5", None, 1.0]}

    changed = typed(part, "enum", text_of(part, "enum") + "\nnew")
    assert list(map(repr, changed["enum"])) == ["'a'", "5", "'5'", "None", "1.0", "'new'"]


def test_a_lone_surrogate_can_be_shown() -> None:
    part = {"type": "string", "const": "\ud800", "title": "\ud800"}

    assert text_of(part, "const") == '"\\ud800"'
    assert text_of(part, "title") == "?"


@pytest.mark.parametrize(
    "change",
    [
        lambda: rename(SCHEMA, ("properties", "no"), "a"),
        lambda: remove(SCHEMA, ("properties", "no")),
        lambda: move(SCHEMA, ("properties", "no"), 1),
        lambda: duplicate(SCHEMA, ("properties", "no")),
        lambda: set_kind(SCHEMA, ("properties", "no"), "string"),
        lambda: rename(SCHEMA, (), "a"),
        lambda: remove(SCHEMA, ()),
        lambda: rename(SCHEMA, (*STOPS, "items"), "a"),
        lambda: remove(SCHEMA, ("allOf", 0)),
        lambda: add_property([], ()),
        lambda: add_property({"properties": 5}, ()),
        lambda: set_required(SCHEMA, ("properties", "no", "items"), required=True),
    ],
)
def test_what_cannot_be_done_is_refused(change: Any) -> None:
    with pytest.raises(SchemaEditError):
        change()


def test_a_fault_belongs_to_the_innermost_row() -> None:
    odd = {"type": "object", "properties": {"a.b": {"type": "array", "items": {}}, "a": {}}}
    paths = ['properties["a.b"].items.type', "properties.a", "properties.ab", "required[0]", ""]

    found = faults_by_place([Fault(path, "m") for path in paths], fields(odd))
    assert {place: [fault.path for fault in each] for place, each in found.items()} == {
        ("properties", "a.b", "items"): ["type"],
        ("properties", "a"): [""],
        (): ["properties.ab", "required[0]", ""],
    }


def test_the_faults_of_a_definition_are_found_in_it() -> None:
    schema = {"$defs": {"a": {"type": "string", "minLength": -1}}}

    found = faults_by_place(check_schema(schema), fields(schema))
    assert [fault.path for fault in found[("$defs", "a")]] == ["minLength"]


def test_a_late_edit_finds_what_was_renamed_meanwhile() -> None:
    draft = SchemaDraft(SCHEMA)
    stops, at = draft.anchor(STOPS), draft.anchor((*STOPS, "items", "properties", "at"))

    assert draft.rename(stops, "halts")
    assert draft.set_text(at, "description", "When")
    assert draft.rename(stops, "stays")

    items = draft.schema["properties"]["stays"]["items"]
    assert items["properties"]["at"] == {"type": "number", "description": "When"}


def test_a_late_edit_of_a_removed_part_is_refused_with_the_reason() -> None:
    draft = SchemaDraft(SCHEMA)
    mark = draft.anchor(CITY)
    draft.edit(mark, remove)

    assert not draft.set_text(mark, "description", "x")
    assert "no longer in the schema" in draft.problem
    assert not draft.rename(mark, "b")


def test_what_was_refused_stays_in_its_box_and_follows_a_rename() -> None:
    draft = SchemaDraft(SCHEMA)
    mark = draft.anchor(CITY)

    assert not draft.set_text(mark, "minLength", "x")
    draft.rename(mark, "town")
    refusal = draft.refusal(("properties", "town"), "minLength")
    assert refusal
    assert refusal.text == "x"
    assert "must be a whole number" in refusal.reason
    assert not draft.problem
    assert draft.set_text(mark, "minLength", "2")
    assert draft.refusal(("properties", "town"), "minLength") is None


def test_what_was_refused_outlives_an_edit_elsewhere_and_goes_with_its_part() -> None:
    draft = SchemaDraft(SCHEMA)
    draft.rename(draft.anchor(CITY), "stops")

    draft.edit(draft.anchor(()), add_property)
    draft.edit(draft.anchor(STOPS), remove)
    assert draft.refusal(CITY, NAME)
    draft.edit(draft.anchor(CITY), duplicate)
    draft.edit(draft.anchor(CITY), remove)
    draft.rename(draft.anchor(("properties", "city_2")), "city")
    assert draft.refusal(CITY, NAME) is None


@pytest.mark.parametrize("later", ["another type", "another value", "another name"])
def test_what_was_refused_is_forgotten_when_it_means_nothing(later: str) -> None:
    draft = SchemaDraft(SCHEMA)
    mark = draft.anchor(CITY)
    draft.set_text(mark, "minLength", "x")
    draft.rename(mark, "stops")

    if later == "another type":
        draft.set_kind(mark, "null")
    elif later == "another value":
        draft.schema = with_text(draft.schema, CITY, "minLength", "1")
    else:
        draft.rename(mark, "town")
    place = ("properties", "town") if later == "another name" else CITY
    left = {box for box in (NAME, "minLength") if draft.refusal(place, box)}
    assert (
        left
        == {"another type": set(), "another value": {NAME}, "another name": {"minLength"}}[later]
    )
