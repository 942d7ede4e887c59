"""The rows of a schema's form: name, type, required, description, and actions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from schemas import schema_fields
from workers_ai import Fault

from ..session import index_of, set_widget, widget
from ..text.markdown_inline import escaped
from .schema_details import SchemaForm, draw_details, draw_reasons, draw_select, draw_text, summary

Changes = Mapping[str, Callable[[Any, Any], Any]]
"""Operations on the part at a path, by their labels."""

_STEP = 18
"""Pixels of indentation per level."""

_DEEPEST_STEP = 5
"""Most levels that are indented; on a phone, more would leave no room."""

_NAME = 132
_KIND = 110
_GAP = 8
_KIND_NAMES = {schema_fields.REF: "$ref", schema_fields.OTHER: "JSON"}


def draw_row(form: SchemaForm, row: schema_fields.SchemaField, faults: Sequence[Fault]) -> None:
    """Draw one field, with its faults below."""
    with _indented(row.depth):
        with _line("stretch"):
            # In two parts, so that a narrow row breaks between them.
            with _line(_NAME + (_GAP + _KIND) * (2 if row.kind == schema_fields.REF else 1)):
                _draw_name(form, row)
                _draw_kind(form, row)
                _draw_target(form, row)
            with _line("stretch"):
                _draw_required(form, row)
                _draw_description(form, row)
                draw_details(form, row)
                _draw_menu(form, row)
        _draw_remarks(form, row, faults)


def draw_addition(form: SchemaForm, row: schema_fields.SchemaField) -> None:
    """Draw the button that adds a property to an object, or items to an array."""
    target = {"whole": "", "items": " to each item"}.get(row.role, f" to {_label(row)}")
    for name, change in _additions(row).items():
        with _indented(row.depth + 1):
            st.button(
                f"{name}{target}",
                key=form.box(row, "add"),
                icon=":material/add:",
                type="tertiary",
                on_click=_change,
                args=(form, form.draft.anchor(row.place), change),
            )


def _line(width: int | Literal["stretch"]) -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap=_GAP, width=width)


@contextmanager
def _indented(depth: int) -> Iterator[None]:
    with st.container(horizontal=True, wrap=False, gap=None):
        if depth > 0:
            st.space(_STEP * min(depth, _DEEPEST_STEP))
        with st.container(gap="xxsmall"):
            yield


def _draw_name(form: SchemaForm, row: schema_fields.SchemaField) -> None:
    if row.role in ("whole", "items"):
        st.markdown("**Whole value**" if row.role == "whole" else ":gray[each item]", width=_NAME)
        return
    key = form.box(row, schema_fields.NAME)
    refusal = form.draft.refusal(row.place, schema_fields.NAME)
    st.text_input(
        f"Name of {_label(row)}",
        value=set_widget(key, refusal.text if refusal else schema_fields.shown_name(row.name)),
        key=key,
        label_visibility="collapsed",
        width=_NAME,
        on_change=_rename,
        args=(form, form.draft.anchor(row.place), key),
    )


def _draw_kind(form: SchemaForm, row: schema_fields.SchemaField) -> None:
    key = form.box(row, "kind")
    st.selectbox(
        f"Type of {_label(row)}",
        list(dict.fromkeys([*schema_fields.KINDS, row.kind])),
        format_func=lambda kind: _KIND_NAMES.get(kind, kind),
        index=index_of(
            set_widget(key, row.kind), list(dict.fromkeys([*schema_fields.KINDS, row.kind]))
        ),
        key=key,
        label_visibility="collapsed",
        width=_KIND,
        on_change=_set_kind,
        args=(form, form.draft.anchor(row.place), key),
    )


def _draw_target(form: SchemaForm, row: schema_fields.SchemaField) -> None:
    if row.kind == schema_fields.REF:
        choices = schema_fields.reference_targets(form.draft.schema)
        draw_select(form, row, "$ref", f"Target of {_label(row)}", choices, bare=True, width=_KIND)


def _draw_required(form: SchemaForm, row: schema_fields.SchemaField) -> None:
    if row.required is None:
        return
    key = form.box(row, "required")
    st.checkbox(
        "required",
        value=set_widget(key, row.required),
        key=key,
        on_change=_set_required,
        args=(form, form.draft.anchor(row.place), key),
    )


def _draw_description(form: SchemaForm, row: schema_fields.SchemaField) -> None:
    if not isinstance(row.schema, dict):
        st.caption("Edited as JSON.", width="stretch")
        return
    draw_text(
        form,
        row,
        "description",
        f"Description of {_label(row)}",
        tall="\n" in schema_fields.text_of(row.schema, "description"),
        bare=True,
        placeholder="Description",
    )


def _draw_menu(form: SchemaForm, row: schema_fields.SchemaField) -> None:
    changes = _changes(row)
    if not changes:
        return
    key = f"menu-{form.key}-{row.slot}"
    st.menu_button(
        f"{_label(row)} actions",
        list(changes),
        key=key,
        icon=":material/more_horiz:",
        type="tertiary",
        on_click=_choose,
        args=(form, form.draft.anchor(row.place), changes, key),
    )


def _draw_remarks(
    form: SchemaForm, row: schema_fields.SchemaField, faults: Sequence[Fault]
) -> None:
    refused = form.draft.refusal(row.place, schema_fields.NAME)
    draw_reasons([*([refused.reason] if refused else ()), *map(str, faults)])
    if line := summary(row):
        st.markdown(f":small[:gray[{line}]]")


def _changes(row: schema_fields.SchemaField) -> Changes:
    if row.role == "whole":
        return {}
    changes: dict[str, Callable[[Any, Any], Any]] = {}
    if not row.first:
        changes["Move up"] = partial(schema_fields.move, by=-1)
    if not row.last:
        changes["Move down"] = partial(schema_fields.move, by=1)
    if row.role != "items":
        changes["Duplicate"] = schema_fields.duplicate
    changes |= {f"{name} inside": change for name, change in _additions(row).items()}
    return {**changes, "Delete": schema_fields.remove}


def _additions(row: schema_fields.SchemaField) -> Changes:
    if row.kind == "object":
        return {"Add a property": schema_fields.add_property}
    if row.kind == "array" and "items" not in row.schema:
        return {"Add items": schema_fields.add_items}
    return {}


def _label(row: schema_fields.SchemaField) -> str:
    return escaped(row.label)


def _rename(form: SchemaForm, mark: schema_fields.RowAnchor, key: str) -> None:
    name = widget(key, "") or ""
    form.apply(lambda: form.draft.rename(mark, name))


def _set_kind(form: SchemaForm, mark: schema_fields.RowAnchor, key: str) -> None:
    kind = widget(key, "")
    if kind in schema_fields.KINDS:
        form.apply(lambda: form.draft.set_kind(mark, kind))


def _set_required(form: SchemaForm, mark: schema_fields.RowAnchor, key: str) -> None:
    required = widget(key, default=False)
    form.apply(
        lambda: form.draft.edit(mark, partial(schema_fields.set_required, required=required))
    )


def _choose(form: SchemaForm, mark: schema_fields.RowAnchor, changes: Changes, key: str) -> None:
    chosen = widget(key, "")
    if chosen in changes:
        _change(form, mark, changes[chosen])


def _change(
    form: SchemaForm, mark: schema_fields.RowAnchor, change: Callable[[Any, Any], Any]
) -> None:
    form.apply(lambda: form.draft.edit(mark, change))
