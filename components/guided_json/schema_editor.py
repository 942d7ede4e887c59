"""The editor of a schema, as a form and as text, and the question asked with it."""

from functools import partial
from typing import Any

import streamlit as st

from conversations import Picture, SchemaText, read_schema
from schemas import (
    EXAMPLE_SCHEMAS,
    GuidedExample,
    SchemaFix,
    constrains_nothing,
    fixed_schema,
    sample_picture,
    schema_fixes,
    schema_flags,
)
from workers_ai import read_image

from ..chat import send_message
from ..chat.chat_list import start_chat
from ..chat.composer import draw_stop
from ..chat.prompt_editor import draw_prompt_draft, store_prompt
from ..session import Session, set_widget, widget
from ..shell.formatting import counted
from ..shell.links import write_link
from ..shell.page_setup import PAGES
from ..sidebar.tool_mode import support_of
from ..text.markdown_inline import escaped
from .schema_edits import change_schema, set_guided, undo_schema, write_schema
from .schema_form import draw_schema_form

_MOST_BUTTONS = 10

EMPTY = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def draw_schema_bar(session: Session) -> None:
    """Draw the row of buttons above the schema."""
    starts = {each.title: partial(_begin_with, session, each) for each in EXAMPLE_SCHEMAS}
    with st.container(horizontal=True, vertical_alignment="center", key="guided-bar"):
        st.menu_button(
            "Start from an example",
            ["An empty schema", *starts],
            key="begin-schema",
            icon=":material/lightbulb:",
            on_click=_begin,
            args=(session, starts),
        )
        st.button(
            "Undo",
            icon=":material/undo:",
            disabled=not session.guided_page.undo_stack.values,
            on_click=undo_schema,
            args=(session,),
        )
        st.toggle(
            "Also in the chat",
            value=set_widget("also", session.settings.guided),
            key="also",
            help="Playground requests also carry the schema, along with tools and pictures.",
            on_change=_set_guided,
            args=(session,),
        )
        st.space("stretch")
        st.page_link(PAGES / "playground.py", label="Go to chat", icon=":material/forum:")


def draw_schema_editor(session: Session) -> None:
    """Draw the schema, as a form and as text."""
    if not session.settings.schema.strip():
        with st.container(border=True):
            st.markdown(
                "**No schema yet.** Start from an example or an empty schema, or make one from a "
                "source below."
            )
        return
    read = read_schema(session.settings.schema)
    with st.expander("Schema", expanded=True, icon=":material/schema:", key="schema"):
        form, text = st.columns([3, 2], gap="large")
        with form:
            _draw_form(session, read)
        with text:
            _draw_text(session, read)


def _draw_form(session: Session, read: SchemaText) -> None:
    if not isinstance(read.value, dict):
        st.caption("Fix the JSON to use the form again.")
        return
    draw_schema_form(
        read.value, partial(write_schema, session), key="schema-form", faults=read.faults
    )


def _draw_text(session: Session, read: SchemaText) -> None:
    if read.faults:
        count = len(read.faults)
        st.badge(counted(count, "error"), icon=":material/error:", color="red")
    elif constrains_nothing(read.value):
        st.badge("accepts anything", icon=":material/warning:", color="orange")
    else:
        st.badge("valid schema", icon=":material/check:", color="green")
    st.text_area(
        "JSON",
        value=set_widget("code-schema", session.settings.schema),
        key="code-schema",
        height="content",
        on_change=_set_text,
        args=(session,),
    )
    _draw_problems(session, read)
    if not read.faults:
        _draw_flags(read)


def _draw_problems(session: Session, read: SchemaText) -> None:
    """Draw the faults, and what can be changed at once, each with its button."""
    fixes = schema_fixes(read.value)
    fix_of = {fix.path: fix for fix in fixes}
    for fault in read.faults:
        _draw_problem("red", "error", fault.path, fault.message)
        if fault.path in fix_of:
            _draw_fix(session, fix_of.pop(fault.path))
    for fix in list(fix_of.values())[:_MOST_BUTTONS]:
        _draw_problem("orange", "warning", fix.path, fix.message)
        _draw_fix(session, fix)
    if len(fixes) > 1:
        st.button(
            f"Fix all {len(fixes)}",
            key="fix-all",
            icon=":material/done_all:",
            on_click=_fix_all,
            args=(session, read.value),
        )


def _draw_problem(color: str, icon: str, where: str, message: str) -> None:
    place = f"`{escaped(where)}` " if where else ""
    st.markdown(f":{color}[:material/{icon}:] {place}{escaped(message)}")


def _draw_fix(session: Session, fix: SchemaFix) -> None:
    st.button(
        escaped(fix.label),
        key=f"fix-{fix.path}",
        icon=":material/build:",
        on_click=write_schema,
        args=(session, fix.schema),
    )


def _fix_all(session: Session, schema: Any) -> None:
    write_schema(session, fixed_schema(schema))


def _draw_flags(read: SchemaText) -> None:
    flags = schema_flags(read.value)
    if not flags:
        return
    words = counted(len(flags), "keyword")
    with st.expander(f"{words} that an engine may not enforce", icon=":material/flag:"):
        st.dataframe([{"where": flag.path, "why": flag.message} for flag in flags], hide_index=True)


def draw_question(session: Session) -> None:
    """Draw the question that is asked with the schema, in a new chat."""
    page = session.guided_page
    st.markdown("**Ask**")
    draw_prompt_draft(session, page, "What should the answer be about?", key="guided")
    with st.container(horizontal=True, vertical_alignment="center", key="guided-ask"):
        running = session.conversation.running is not None
        st.button(
            "Ask",
            icon=":material/send:",
            key="ask-guided",
            disabled=running,
            on_click=_ask,
            args=(session,),
        )
        draw_stop(session)
        if not support_of(session).streams:
            st.caption("Not streamed: streams with a schema have lost text.", width="content")


def _begin(session: Session, starts: dict[str, partial[None]]) -> None:
    chosen = widget("begin-schema", "")
    if chosen in starts:
        starts[chosen]()
    elif chosen:
        write_schema(session, EMPTY)


def _begin_with(session: Session, example: GuidedExample) -> None:
    write_schema(session, example.schema)
    name = f"{example.picture}.png"
    image = read_image(sample_picture(example.picture), name=name)
    session.guided_page.prompt = example.prompt
    session.guided_page.pictures[:] = [Picture.of(name, image)]


def _set_guided(session: Session) -> None:
    set_guided(session, guided=widget("also", default=False))


def _set_text(session: Session) -> None:
    change_schema(session, widget("code-schema", "") or "")


def _ask(session: Session) -> None:
    """Ask in a new chat."""
    page = session.guided_page
    store_prompt(page, "guided")
    if not session.settings.schema.strip():
        session.notice("There is no schema yet. Start from an example, or make one.")
        return
    start_chat(session)
    send_message.ask(session, page.prompt, page.pictures)
    write_link(session)
