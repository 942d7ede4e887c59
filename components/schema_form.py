"""The form that edits a JSON Schema: a row for each field, and under it what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from workers_ai import Fault, schema_fields

from .schema_details import SchemaForm, draw_reasons
from .schema_rows import draw_addition, draw_row
from .session import seed_widget, widget

Found = Mapping[tuple[int | str, ...], Sequence[Fault]]
"""Faults by the place of the field that they are in."""


def draw_schema_form(
    schema: Any,
    on_edit: Callable[[dict[str, Any]], None],
    *,
    key: str,
    faults: Sequence[Fault] = (),
    whole: bool = True,
) -> None:
    """Draw the form.

    `on_edit` is called with the new schema from the callback of a widget, before the page is run
    anew. Two schemas that are edited at different times need different keys: what was refused is
    remembered by it. The paths of `faults` begin in the schema. Without `whole` only the fields
    can be edited, not what holds them. The page draws the style, which hides the words of the small
    buttons.
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
    begun = SchemaForm(key, on_edit)
    seed_widget(f"{key}-form", begun)
    form = widget(f"{key}-form", begun)
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
            "Add definition",
            key=f"{form.key}-define",
            icon=":material/bookmark_add:",
            type="tertiary",
            on_click=_define,
            args=(form,),
            help="A schema with a name. Fields of type `$ref` can point to it, itself included.",
        )


def _draw_group(form: SchemaForm, rows: Sequence[schema_fields.SchemaField], found: Found) -> None:
    """Draw rows, and after the last one inside of a field what can be added to that field."""
    around: list[schema_fields.SchemaField] = []
    for row in rows:
        while around and row.depth <= around[-1].depth:
            draw_addition(form, around.pop())
        draw_row(form, row, found.get(row.place, ()))
        around.append(row)
    while around:
        draw_addition(form, around.pop())


def _define(form: SchemaForm) -> None:
    mark = form.draft.mark(())
    form.carry_out(
        lambda: form.draft.edit(mark, lambda schema, _: schema_fields.add_definition(schema))
    )
