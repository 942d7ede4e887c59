"""Properties of every schema: the form changes only what it was asked to change."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.schema_fields.field_kinds import KINDS, set_kind
from schemas.schema_fields.fields import SchemaField, fields, whole_field
from schemas.schema_fields.keyword_boxes import DETAILS, text_of, with_text
from schemas.schema_fields.operations import add_definition, add_items, add_property, set_required
from schemas.schema_fields.reorder import duplicate, move, remove, rename

Place = tuple[int | str, ...]

NAMES = st.sampled_from(
    ["a", "b", "", "a b", "a/b", "~", "größe", "properties", "items", "required", "$ref", "%41"]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | TEXTS
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(NAMES, SCALARS, max_size=2)

FOREIGN = {
    "$comment": TEXTS,
    "examples": st.lists(VALUES, max_size=2),
    "deprecated": st.booleans(),
    "x-order": VALUES,
    "not": st.just({"required": ["zz"]}),
    "dependentRequired": st.just({"a": ["b"]}),
}
ANY = {
    "description": TEXTS,
    "title": TEXTS,
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "const": VALUES,
    "default": VALUES,
    **FOREIGN,
}
OF_TEXTS = {
    "minLength": st.integers(0, 9) | st.just(1.0),
    "maxLength": st.integers(0, 9),
    "pattern": st.sampled_from(["^a+$", "", "\\d "]),
    "format": TEXTS,
}
OF_NUMBERS = {
    "minimum": st.integers(-9, 9) | st.floats(-9, 9) | st.just(10**30),
    "exclusiveMaximum": st.floats(-9, 9),
    "multipleOf": st.sampled_from([1, 0.1, 1e-9]),
}


@st.composite
def keywords(draw: st.DrawFn, *tables: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Draw some keywords in any order."""
    table: dict[str, st.SearchStrategy[Any]] = {}
    for each in tables:
        table |= each
    chosen = draw(st.lists(st.sampled_from(sorted(table)), unique=True, max_size=4))
    return {name: draw(table[name]) for name in chosen}


@st.composite
def typed(draw: st.DrawFn, kind: str, *tables: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Draw a schema with a type, not necessarily as its first key."""
    part = {"type": kind} | draw(keywords(ANY, *tables))
    order = draw(st.permutations(list(part)))
    return {name: part[name] for name in order}


SIMPLE = st.one_of(
    st.booleans(),
    typed("string", OF_TEXTS),
    typed("integer", OF_NUMBERS),
    typed("boolean"),
    typed("null"),
    keywords(ANY, OF_TEXTS, OF_NUMBERS),
    st.builds(
        lambda part, to: part | {"$ref": to},
        keywords(ANY),
        st.sampled_from(["#", "#/$defs/a", "#/$defs/a~1b/items", "#/definitions/b", "elsewhere"]),
    ),
    st.just({"type": ["string", "null"]}),
)


def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = st.dictionaries(NAMES, inner, max_size=3)
    required = st.lists(NAMES | st.just("ghost"), unique=True, min_size=1, max_size=3)
    objects = typed(
        "object",
        {
            "properties": named,
            "required": required,
            "additionalProperties": inner,
            "patternProperties": st.dictionaries(st.just("^x"), inner, max_size=1),
            "$defs": named,
        },
    )
    arrays = typed(
        "array",
        {
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "minItems": st.integers(0, 3),
            "uniqueItems": st.booleans(),
        },
    )
    composed = st.builds(
        lambda parts, rest: {**rest, "anyOf": parts},
        st.lists(inner, min_size=1, max_size=2),
        keywords(ANY),
    )
    # `properties` more often than other keywords; otherwise hardly anything would be nested.
    filled = st.builds(lambda part, more: {"properties": more} | part, objects, named)
    return filled | objects | arrays | composed


SCHEMAS = st.builds(
    lambda whole, named: {**whole, "$defs": named} if named else whole,
    around(st.recursive(SIMPLE, around, max_leaves=8)).filter(lambda part: isinstance(part, dict)),
    st.dictionaries(NAMES, SIMPLE, max_size=2),
)


def written(schema: Any) -> str:
    """Return a schema as text, in which the key order and 1 versus 1.0 count."""
    return json.dumps(schema)


def chosen(data: st.DataObject, schema: Any, accepts: Callable[[SchemaField], bool]) -> SchemaField:
    rows = [row for row in (whole_field(schema), *fields(schema)) if accepts(row)]
    assume(rows)
    return data.draw(st.sampled_from(rows))


def has_a_name(row: SchemaField) -> bool:
    return row.role in ("property", "definition")


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield every scalar and every empty list or object in a value, with its path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner:
        if isinstance(part, dict | list) and part:
            yield from leaves(part, (*place, key))
        else:
            yield (*place, key), written(part)


def elsewhere(schema: Any, place: Place) -> set[tuple[Place, str]]:
    """Return everything outside a part and outside its owner's list of required names."""
    owner = (*place[:-2], "required")
    kept = [leaf for leaf in leaves(schema) if leaf[0][: len(owner)] != owner]
    return {leaf for leaf in kept if leaf[0][: len(place)] != place}


@given(SCHEMAS)
def test_setting_what_is_shown_changes_nothing(schema: dict[str, Any]) -> None:
    changed: Any = schema
    for row in (whole_field(schema), *fields(schema)):
        if has_a_name(row):
            changed = rename(changed, row.place, row.name)
        if row.required is not None:
            changed = set_required(changed, row.place, required=row.required)
        if row.kind in KINDS:
            changed = set_kind(changed, row.place, row.kind)
        for keyword in ("description", *DETAILS[row.kind]):
            if isinstance(row.schema, dict):
                text = text_of(row.schema, keyword)
                changed = with_text(changed, row.place, keyword, text)

    assert written(changed) == written(schema)


OF_A_KIND: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(),
    "integer": st.integers(),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "array": st.lists(VALUES, max_size=3),
    "object": st.dictionaries(NAMES, VALUES, max_size=3),
}


@given(st.sampled_from(sorted(OF_A_KIND)), st.data())
def test_a_value_is_read_from_a_box_as_it_is_shown(kind: str, data: st.DataObject) -> None:
    value = data.draw(OF_A_KIND[kind].filter(can_be_written))
    empty = {"type": kind}

    for keyword in ("default", "const"):
        full = {"type": kind, keyword: value}
        assert written(with_text(empty, (), keyword, text_of(full, keyword))) == written(full)
    full = {"type": kind, "enum": [value, value]}
    assert written(with_text(empty, (), "enum", text_of(full, "enum"))) == written(full)


def can_be_written(value: Any) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in str(value))


@given(SCHEMAS, st.data())
def test_adding_and_removing_gives_the_same_schema(
    schema: dict[str, Any], data: st.DataObject
) -> None:
    row = chosen(data, schema, lambda row: row.kind == "object" and "properties" in row.schema)
    added = add_property(schema, row.place)
    place = (*row.place, "properties")
    [new] = [name for name in part(added, place) if name not in part(schema, place)]

    assert written(remove(added, (*place, new))) == written(schema)


@given(SCHEMAS, st.data())
def test_items_that_are_added_and_removed_leave_nothing(
    schema: dict[str, Any], data: st.DataObject
) -> None:
    row = chosen(data, schema, lambda row: row.kind == "array" and "items" not in row.schema)

    added = add_items(schema, row.place)
    assert written(remove(added, (*row.place, "items"))) == written(schema)


@given(SCHEMAS)
def test_a_definition_that_is_added_and_removed_leaves_nothing(schema: dict[str, Any]) -> None:
    assume(schema.get("$defs") != {})
    added = add_definition(schema)
    [new] = [name for name in added["$defs"] if name not in schema.get("$defs", {})]

    assert written(remove(added, ("$defs", new))) == written(schema)


@given(SCHEMAS, st.data())
def test_renaming_there_and_back_gives_the_same_schema(
    schema: dict[str, Any], data: st.DataObject
) -> None:
    row = chosen(data, schema, lambda row: has_a_name(row) and row.name != "")
    # No existing reference points to these names.
    name = data.draw(st.sampled_from(["new", "n/e~w", " "]))
    renamed = rename(schema, row.place, name)
    place = (*row.place[:-1], name)

    assert elsewhere_but_references(renamed, place) == elsewhere_but_references(schema, row.place)
    assert written(rename(renamed, place, row.name)) == written(schema)


@given(SCHEMAS, st.data())
def test_moving_down_and_up_gives_the_same_schema(
    schema: dict[str, Any], data: st.DataObject
) -> None:
    row = chosen(data, schema, lambda row: has_a_name(row) and not row.last)
    down = move(schema, row.place, 1)

    assert written(down) != written(schema)
    assert down == schema
    assert written(move(down, row.place, -1)) == written(schema)


@given(SCHEMAS, st.data())
def test_a_copy_that_is_removed_leaves_nothing(schema: dict[str, Any], data: st.DataObject) -> None:
    row = chosen(data, schema, has_a_name)
    copied = duplicate(schema, row.place)
    siblings = part(copied, row.place[:-1])
    [new] = [name for name in siblings if name not in part(schema, row.place[:-1])]

    assert siblings[new] == row.schema
    assert list(siblings).index(new) == list(siblings).index(row.name) + 1
    assert written(remove(copied, (*row.place[:-1], new))) == written(schema)


@settings(max_examples=200)
@given(SCHEMAS, st.data())
def test_nothing_changes_outside_of_the_path_and_nothing_in_the_original(
    schema: dict[str, Any], data: st.DataObject
) -> None:
    before = copy.deepcopy(schema)
    row = chosen(data, schema, lambda row: row.role != "whole")
    changes: list[Callable[[], Any]] = [
        lambda: set_kind(schema, row.place, data.draw(st.sampled_from(KINDS))),
        lambda: remove(schema, row.place),
    ]
    if isinstance(row.schema, dict):
        changes.append(lambda: with_text(schema, row.place, "title", data.draw(TEXTS)))
    if row.required is not None:
        changes.append(lambda: set_required(schema, row.place, required=not row.required))
    if row.kind == "object" and isinstance(row.schema.get("properties", {}), dict):
        changes.append(lambda: add_property(schema, row.place))
    changed = data.draw(st.sampled_from(changes))()

    assert written(schema) == written(before)
    empty = {(row.place[:at], "{}") for at in range(len(row.place))}
    assert elsewhere(changed, row.place) - empty == elsewhere(schema, row.place)


def elsewhere_but_references(schema: Any, place: Place) -> set[tuple[Place, str]]:
    return {leaf for leaf in elsewhere(schema, place) if leaf[0][-1] != "$ref"}


def part(schema: Any, place: Place) -> Any:
    for key in place:
        schema = schema[key]
    return schema
