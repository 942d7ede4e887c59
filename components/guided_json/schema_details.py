"""The boxes of one schema field. Text that cannot be read stays in its box, with the reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from schemas import schema_fields

from ..session import index_of, set_widget, widget
from ..text.markdown_inline import escaped

_ADDITIONAL = {"": "not set", "true": "allowed", "false": "not allowed"}
_PAIRS = {
    "minimum": "maximum",
    "exclusiveMinimum": "exclusiveMaximum",
    "minLength": "maxLength",
    "minItems": "maxItems",
}
_PLACEHOLDERS = {
    "enum": "one value per line",
    "format": "date, email, uuid …",
    "pattern": "a regular expression",
    "const": "the only value",
}
_LONGEST_SUMMARY = 60


@dataclass
class SchemaForm:
    """A form on the page, with the draft that it keeps between runs."""

    key: str
    on_edit: Callable[[dict[str, Any]], None]
    draft: schema_fields.SchemaDraft = field(default_factory=schema_fields.SchemaDraft)

    def apply(self, edit: Callable[[], object]) -> None:
        """Edit the draft, and report the new schema if it changed."""
        before = self.draft.schema
        edit()
        if self.draft.schema is not before:
            self.on_edit(self.draft.schema)

    def box(self, row: schema_fields.SchemaField, name: str) -> str:
        """Return the key of a widget.

        It depends on the position, not on names, so a rename leaves the widget and the focus alone.
        """
        return f"{self.key}-{name}-{row.slot or 'whole'}"


def draw_details(form: SchemaForm, row: schema_fields.SchemaField) -> None:
    """Draw the button that opens the keywords of the field's type."""
    keywords = schema_fields.DETAILS[row.kind]
    if not keywords:
        return
    details = st.popover(
        f"More about {escaped(row.label)}",
        icon=":material/tune:",
        type="tertiary",
        key=f"menu-more-{form.key}-{row.slot or 'whole'}",
        on_change="rerun",
    )
    if details.open:
        with details:
            _draw_keywords(form, row, keywords)


def draw_text(
    form: SchemaForm,
    row: schema_fields.SchemaField,
    keyword: str,
    label: str,
    *,
    tall: bool = False,
    bare: bool = False,
    placeholder: str | None = None,
) -> None:
    """Draw the box of a keyword; `bare` hides the label from all but screen readers."""
    key = form.box(row, keyword)
    refusal = form.draft.refusal(row.place, keyword)
    text = refusal.text if refusal else schema_fields.text_of(row.schema, keyword)
    options: dict[str, Any] = {
        "value": set_widget(key, text),
        "key": key,
        "placeholder": placeholder,
        "label_visibility": "collapsed" if bare else "visible",
        "on_change": _type_in,
        "args": (form, form.draft.anchor(row.place), keyword, key),
    }
    if tall:
        st.text_area(label, height="content", **options)
    else:
        st.text_input(label, **options)
    if refusal and not bare:
        draw_reasons([refusal.reason])


def draw_select(
    form: SchemaForm,
    row: schema_fields.SchemaField,
    keyword: str,
    label: str,
    choices: dict[str, str],
    *,
    bare: bool = False,
    width: int | None = None,
) -> None:
    """Draw a select box for a keyword; `choices` maps its texts to labels."""
    key, current = form.box(row, keyword), schema_fields.text_of(row.schema, keyword)
    st.selectbox(
        label,
        list(dict.fromkeys([*choices, current])),
        format_func=lambda text: choices.get(text, text),
        index=index_of(set_widget(key, current), list(dict.fromkeys([*choices, current]))),
        key=key,
        label_visibility="collapsed" if bare else "visible",
        width=width or "stretch",
        on_change=_type_in,
        args=(form, form.draft.anchor(row.place), keyword, key),
    )


def draw_reasons(sentences: Sequence[str]) -> None:
    """Draw reasons, one per line."""
    lines = [f":small[:red[:material/error: {escaped(each)}]]" for each in sentences]
    if lines:
        st.markdown("  \n".join(lines))


def summary(row: schema_fields.SchemaField) -> str:
    """Return one line of Markdown with the contents of the boxes behind the button."""
    named = [name for name in schema_fields.DETAILS[row.kind] if name in (row.schema or {})]
    shown = [(name, schema_fields.text_of(row.schema, name)) for name in named]
    parts = [f"`{name}` {_short(text)}" for name, text in shown]
    if row.unshown:
        parts.append(f"as JSON: {_short(', '.join(row.unshown))}")
    return " · ".join(parts)


def _draw_keywords(
    form: SchemaForm, row: schema_fields.SchemaField, keywords: Sequence[str]
) -> None:
    for keyword in keywords:
        if keyword in _PAIRS:
            with st.container(horizontal=True, wrap=False):
                for each in (keyword, _PAIRS[keyword]):
                    with st.container():
                        _draw_keyword(form, row, each)
        elif keyword not in _PAIRS.values():
            _draw_keyword(form, row, keyword)


def _draw_keyword(form: SchemaForm, row: schema_fields.SchemaField, keyword: str) -> None:
    if keyword == "uniqueItems":
        _draw_switch(form, row, keyword)
    elif keyword == "additionalProperties":
        current = schema_fields.text_of(row.schema, keyword)
        choices = {current: "a schema, as JSON"} | _ADDITIONAL
        draw_select(form, row, keyword, f"`{keyword}`", choices)
    else:
        tall, placeholder = keyword == "enum", _PLACEHOLDERS.get(keyword)
        draw_text(form, row, keyword, f"`{keyword}`", tall=tall, placeholder=placeholder)


def _draw_switch(form: SchemaForm, row: schema_fields.SchemaField, keyword: str) -> None:
    key = form.box(row, keyword)
    on = set_widget(key, schema_fields.text_of(row.schema, keyword) == "true")
    args = (form, form.draft.anchor(row.place), keyword, key)
    st.checkbox(f"`{keyword}`", value=on, key=key, on_change=_switch, args=args)


def _short(text: str) -> str:
    line = schema_fields.shown_name(", ".join(text.split("\n")))
    return escaped(line if len(line) <= _LONGEST_SUMMARY else f"{line[:_LONGEST_SUMMARY]}…")


def _type_in(form: SchemaForm, mark: schema_fields.RowAnchor, keyword: str, key: str) -> None:
    text = widget(key, "") or ""
    form.apply(lambda: form.draft.set_text(mark, keyword, text))


def _switch(form: SchemaForm, mark: schema_fields.RowAnchor, keyword: str, key: str) -> None:
    text = "true" if widget(key, default=False) else ""
    form.apply(lambda: form.draft.set_text(mark, keyword, text))
