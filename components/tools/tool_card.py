"""One tool: its draft as a form and as JSON side by side, and the handler of its calls."""

import json
from functools import partial
from typing import Any

import streamlit as st

from conversations import DefinedTool
from tools import EXAMPLE_TOOLS, RUNNABLE_TOOLS, ToolFault
from workers_ai import Fault

from ..chat import send_message
from ..chat.message_actions import draw_menu
from ..guided_json.schema_form import draw_schema_form
from ..session import Session, set_widget, widget
from ..shell.formatting import counted
from ..shell.page_setup import PAGES
from ..text.markdown_inline import escaped
from .tool_set import (
    change_tool,
    definition,
    duplicate_tool,
    move_tool,
    remove_tool,
    toggle_shape,
    with_definition,
    write_tool,
)

HANDLERS = {"hand": "Manual", "run": "Built-in", "fixed": "Canned reply"}
_SHAPES = {False: "Flat", True: "Wrapped in `function`"}
_SHORT = 90


def draw_tool(session: Session, at: int, faults: tuple[ToolFault, ...]) -> None:
    """Draw the tool as a card, which can be edited when open."""
    tool = session.settings.tools[at]
    opened = session.tool_page.open == at
    with st.container(border=True, key=f"tool-{at}"):
        _draw_head(session, at, tool, faults, opened=opened)
        if not opened:
            return
        form, text = st.columns([3, 2], gap="large")
        with form:
            _draw_form(session, at, tool, faults)
        with text:
            _draw_text(session, at, tool, faults)
        _draw_answered(session, at, tool)


def _draw_head(
    session: Session, at: int, tool: DefinedTool, faults: tuple[ToolFault, ...], *, opened: bool
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"head-{at}"):
        st.toggle(
            f"**{escaped(tool.name or 'Unnamed tool')}**",
            value=set_widget(f"offered-{at}", tool.offered),
            key=f"offered-{at}",
            help="Offer this tool in requests.",
            on_change=_offer,
            args=(session, at),
        )
        _draw_badge(faults)
        st.caption(HANDLERS[tool.answered], width="content")
        st.space("stretch")
        st.button(
            "Close" if opened else "Edit",
            key=f"edit-tool-{at}",
            icon=":material/expand_less:" if opened else ":material/edit:",
            type="tertiary",
            on_click=_open,
            args=(session, None if opened else at),
        )
        draw_menu(
            session,
            "Tool actions",
            {
                "Duplicate": partial(duplicate_tool, session, at),
                "Move up": partial(move_tool, session, at, -1),
                "Move down": partial(move_tool, session, at, 1),
                "Delete": partial(remove_tool, session, at),
            },
            key=f"menu-tool-{at}",
        )
    if not opened and (description := _short_description(tool)):
        st.caption(escaped(description))


def _draw_badge(faults: tuple[ToolFault, ...]) -> None:
    if faults:
        count = len(faults)
        label = counted(count, "error")
        st.badge(label, icon=":material/error:", color="red")
    else:
        st.badge("valid", icon=":material/check:", color="green")


def _draw_form(session: Session, at: int, tool: DefinedTool, faults: tuple[ToolFault, ...]) -> None:
    value, inner = tool.draft.value, definition(tool.draft.value)
    if inner is None:
        st.caption("Fix the JSON to use the form again.")
        return
    for name, label in (("name", "Name"), ("description", "Description")):
        _draw_text_field(session, at, value, inner, name, label)
    st.segmented_control(
        "Shape",
        list(_SHAPES),
        default=set_widget(f"shape-{at}", "function" in value),
        key=f"shape-{at}",
        format_func=_SHAPES.__getitem__,
        required=True,
        help="Both documented shapes mean the same thing.",
        on_change=_reshape,
        args=(session, at),
    )
    st.markdown("**Parameters**")
    parameters = inner.get("parameters")
    if not isinstance(parameters, dict):
        st.caption("`parameters` is not an object yet; see the errors below the JSON.")
        return
    draw_schema_form(
        parameters,
        partial(_set_parameters, session, at),
        key=f"parameters-{at}",
        faults=_parameter_faults(faults),
        whole=False,
    )


def _draw_text_field(  # noqa: PLR0917 - one value in one tool
    session: Session, at: int, value: Any, inner: dict[str, Any], name: str, label: str
) -> None:
    key = f"{name}-{at}"
    text = inner.get(name, "")
    shown = set_widget(key, text if isinstance(text, str) else json.dumps(text))
    draw = st.text_input if name == "name" else st.text_area
    options: dict[str, Any] = {} if name == "name" else {"height": "content"}
    draw(label, value=shown, key=key, on_change=_set_text, args=(session, at, name), **options)
    del value


def _draw_text(session: Session, at: int, tool: DefinedTool, faults: tuple[ToolFault, ...]) -> None:
    st.text_area(
        "JSON",
        value=set_widget(f"code-json-{at}", tool.text),
        key=f"code-json-{at}",
        height="content",
        on_change=_set_json,
        args=(session, at),
    )
    for number, fault in enumerate(faults):
        with st.container(key=f"fault-{at}-{number}", gap="xsmall"):
            where = f"`{escaped(fault.path)}` " if fault.path else ""
            st.markdown(f":red[:material/error:] {where}{escaped(fault.message)}")
            if fault.fix:
                st.button(
                    escaped(fault.fix.label),
                    icon=":material/build_circle:",
                    key=f"fix-{at}-{number}",
                    on_click=change_tool,
                    args=(session, at),
                    kwargs={"text": fault.fix.text},
                )


def _draw_answered(session: Session, at: int, tool: DefinedTool) -> None:
    st.divider()
    choices = [each for each in HANDLERS if each != "run" or tool.name in RUNNABLE_TOOLS]
    answered = tool.answered if tool.answered in choices else "hand"
    st.segmented_control(
        "Handler",
        choices,
        default=set_widget(f"answered-{at}", answered),
        key=f"answered-{at}",
        format_func=HANDLERS.__getitem__,
        required=True,
        help="What handles its calls: you, in the chat; a built-in tool; or a canned reply, which "
        "is the same every time, as from a web service.",
        on_change=_set_answered,
        args=(session, at),
    )
    if answered == "fixed":
        _draw_fixed(session, at, tool)
    example = next(
        (each for each in EXAMPLE_TOOLS.values() if each.definition.name == tool.name), None
    )
    if example and st.button(
        f"Ask “{example.question}”", icon=":material/forum:", key=f"ask-example-{at}"
    ):
        send_message.ask(session, example.question)
        st.switch_page(PAGES / "playground.py")


def _draw_fixed(session: Session, at: int, tool: DefinedTool) -> None:
    faults = {fault.path.split(".")[0].split("[")[0]: fault for fault in tool.setting_faults()}
    status, delay = st.columns(2)
    for column, name, label, step in (
        (status, "status", "HTTP status", 1),
        (delay, "delay", "Delay in seconds", 0.5),
    ):
        with column:
            st.number_input(
                label,
                step=step,
                value=set_widget(f"{name}-{at}", getattr(tool, name)),
                key=f"{name}-{at}",
                on_change=_set_number,
                args=(session, at, name),
            )
            _draw_fault(faults.get(name))
    st.text_area(
        "Body: JSON or plain text",
        value=set_widget(f"code-body-{at}", tool.body),
        key=f"code-body-{at}",
        height="content",
        on_change=_set_body,
        args=(session, at),
    )
    _draw_fault(faults.get("body"))


def _draw_fault(fault: Fault | None) -> None:
    if fault:
        st.markdown(f":red[:material/error:] {escaped(fault.message)}")


def _parameter_faults(faults: tuple[ToolFault, ...]) -> list[Fault]:
    found = []
    for fault in faults:
        _, inside, rest = fault.path.partition("parameters")
        if inside:
            found.append(Fault(rest.removeprefix("."), fault.message))
    return found


def _short_description(tool: DefinedTool) -> str:
    inner = definition(tool.draft.value) or {}
    text = inner.get("description", "")
    line = " ".join(text.split()) if isinstance(text, str) else ""
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"


def _open(session: Session, at: int | None) -> None:
    session.tool_page.open = at


def _offer(session: Session, at: int) -> None:
    change_tool(session, at, offered=widget(f"offered-{at}", default=True))


def _reshape(session: Session, at: int) -> None:
    write_tool(session, at, toggle_shape(session.settings.tools[at].draft.value))


def _set_text(session: Session, at: int, name: str) -> None:
    value = session.settings.tools[at].draft.value
    inner = definition(value)
    if inner is not None:
        changed = {**inner, name: widget(f"{name}-{at}", "") or ""}
        write_tool(session, at, with_definition(value, changed))


def _set_parameters(session: Session, at: int, parameters: dict[str, Any]) -> None:
    value = session.settings.tools[at].draft.value
    inner = definition(value)
    if inner is not None:
        write_tool(session, at, with_definition(value, {**inner, "parameters": parameters}))


def _set_json(session: Session, at: int) -> None:
    change_tool(session, at, text=widget(f"code-json-{at}", "") or "")


def _set_answered(session: Session, at: int) -> None:
    change_tool(session, at, answered=widget(f"answered-{at}", "hand"))


def _set_number(session: Session, at: int, name: str) -> None:
    value = widget(f"{name}-{at}", None)
    if value is not None:
        change_tool(session, at, **{name: value})


def _set_body(session: Session, at: int) -> None:
    change_tool(session, at, body=widget(f"code-body-{at}", "") or "")
