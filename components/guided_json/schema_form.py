"""The form that edits a JSON Schema: a row for each field, with its faults below."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from schemas import schema_fields
from workers_ai import Fault

from ..session import set_widget_once, widget
from .schema_details import SchemaForm, draw_reasons
from .schema_rows import draw_addition, draw_row

Found = Mapping[tuple[int | str, ...], Sequence[Fault]]
"""Faults by the path of the field that they are in."""


def draw_schema_form(
    schema: Any,
    on_edit: Callable[[dict[str, Any]], None],
    *,
    key: str,
    faults: Sequence[Fault] = (),
    whole: bool = True,
) -> None:
    """Draw the form.

    A widget's callback calls `on_edit` with the new schema before the page runs again. Schemas that
    are edited at different times need different keys, because refused input is remembered by key.
    The paths of `faults` are relative to the schema. Without `whole`, only the fields can be
    edited, not the object around them. The page must draw the style, which hides the labels of the
    small buttons.
    """
    form = _form(schema, on_edit, key)
    rows = schema_fields.fields(schema)
    shown = [row for row in rows if not row.in_definitions]
    found = schema_fields.faults_by_place(faults, rows)
    with st.container(gap=12, key=key):
        draw_reasons([form.draft.problem] * bool(form.draft.problem))
        if whole:
            _draw_group(form, [schema_fields.whole_field(schema), *shown], found)
        else:
            draw_reasons(list(map(str, found.get((), ()))))
            _draw_group(form, shown, found)
            draw_addition(form, schema_fields.whole_field(schema))
        defined = [row for row in rows if row.in_definitions]
        if defined or whole:
            _draw_definitions(form, defined, found)


def _form(schema: Any, on_edit: Callable[[dict[str, Any]], None], key: str) -> SchemaForm:
    new = SchemaForm(key, on_edit)
    set_widget_once(f"{key}-form", new)
    form = widget(f"{key}-form", new)
    form.on_edit = on_edit
    form.draft.schema = schema
    return form


def _draw_definitions(
    form: SchemaForm, rows: Sequence[schema_fields.SchemaField], found: Found
) -> None:
    if rows:
        st.markdown("**Definitions**, for `$ref`")
        _draw_group(form, rows, found)
    if isinstance(form.draft.schema, dict):
        st.button(
            "Add a definition",
            key=f"{form.key}-define",
            icon=":material/bookmark_add:",
            type="tertiary",
            on_click=_define,
            args=(form,),
            help="A named schema. Fields of type `$ref` can point to it, even its own.",
        )


def _draw_group(form: SchemaForm, rows: Sequence[schema_fields.SchemaField], found: Found) -> None:
    """Draw rows, and at the end of each nested group the button that adds to it."""
    around: list[schema_fields.SchemaField] = []
    for row in rows:
        while around and row.depth <= around[-1].depth:
            draw_addition(form, around.pop())
        draw_row(form, row, found.get(row.place, ()))
        around.append(row)
    while around:
        draw_addition(form, around.pop())


def _define(form: SchemaForm) -> None:
    mark = form.draft.anchor(())
    form.apply(
        lambda: form.draft.edit(mark, lambda schema, _: schema_fields.add_definition(schema))
    )
