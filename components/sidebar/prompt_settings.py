"""Prompt settings: system prompt, prefill, form, variables and LoRA adapter."""

from dataclasses import replace
from typing import Any

import streamlit as st

from conversations import Settings, to_messages
from workers_ai.gemma_template import gemma_prompt, has_turn_markers

from ..session import Session, set_widget, set_widget_once, widget

PREFILL_ONLY_BUILT_IN = (
    "Workers AI does not document prefill, so it is not sent in the `messages` form. In the "
    "`prompt` form with `raw`, it is."
)


def draw_prompting(session: Session) -> None:
    """Draw the prompt settings in the sidebar."""
    names = ("system", "form", "lora", "prefill", "variables")
    in_use = any(getattr(session.settings, name) != getattr(Settings(), name) for name in names)
    badge = " · in use" if in_use else ""
    with st.expander(f"System prompt, form, LoRA{badge}", icon=":material/tune:", key="prompting"):
        _draw_texts(session)
        _draw_form(session)
        _draw_variables(session)
        _draw_adapter(session)


def _draw_texts(session: Session) -> None:
    st.text_area(
        "System prompt",
        value=set_widget("system", session.settings.system),
        key="system",
        placeholder="You are a friendly assistant",
        help="Sent as the first message, with role `system`.",
        on_change=_set,
        args=(session, "system"),
    )
    st.text_area(
        "Prefill",
        value=set_widget("prefill", session.settings.prefill),
        key="prefill",
        placeholder="not sent",
        height=68,
        help="The answer continues from this text, if the backend supports it.",
        on_change=_set,
        args=(session, "prefill"),
    )
    elsewhere = session.backend_name != "builtin" and session.settings.form == "messages"
    if session.settings.prefill and elsewhere:
        st.caption(PREFILL_ONLY_BUILT_IN)


def _draw_form(session: Session) -> None:
    st.segmented_control(
        "Form",
        ["messages", "prompt"],
        default=set_widget("form", session.settings.form),
        key="form",
        required=True,
        help="`messages` sends the conversation. `prompt` sends only what you type next.",
        on_change=_set,
        args=(session, "form"),
    )
    if session.settings.form == "prompt" and session.settings.parameters.raw:
        _draw_template(session)


def _draw_template(session: Session) -> None:
    """Draw the button that writes the chat in the model's own format, which `raw` needs."""
    st.button(
        "Write the chat as a raw prompt",
        icon=":material/article:",
        width="stretch",
        on_click=_write_template,
        args=(session,),
        help="Puts the chat so far into the message box, in Gemma's own format. Add your message "
        "at the end, before the model's turn, and send it.",
    )


def _draw_variables(session: Session) -> None:
    st.caption("Variables: `{{name}}` in a message or the system prompt is replaced by its value.")
    for name, value in session.settings.variables.items():
        st.text_input(
            f"`{name}`",
            value=set_widget(f"variable-{name}", value),
            key=f"variable-{name}",
            placeholder="no value yet: nothing is sent",
            on_change=_set_variable,
            args=(session, name),
        )
    st.text_input(
        "New variable",
        key="new_variable",
        placeholder="name, then Enter",
        label_visibility="collapsed",
        validate=(r"^[A-Za-z_]\w*$", "Letters, digits and _, not starting with a digit."),
        on_change=_add_variable,
        args=(session,),
    )


def _draw_adapter(session: Session) -> None:
    st.text_input(
        "`lora`",
        value=set_widget("lora", session.settings.lora),
        key="lora",
        placeholder="not sent",
        help="The name or ID of a LoRA fine-tune in your account.",
        on_change=_set,
        args=(session, "lora"),
    )
    st.toggle(
        "Pictures at original size",
        value=set_widget_once("original_size", session.original_size),
        key="original_size",
        help="Otherwise the longest side is at most 1792 pixels.",
        on_change=_set_original_size,
        args=(session,),
    )


def _set(session: Session, name: str) -> None:
    change: dict[str, Any] = {name: widget(name, "") or ""}
    session.settings = replace(session.settings, **change)


def _set_variable(session: Session, name: str) -> None:
    variables = {**session.settings.variables, name: widget(f"variable-{name}", "") or ""}
    session.settings = replace(session.settings, variables=variables)


def _add_variable(session: Session) -> None:
    name = (widget("new_variable", "") or "").strip().strip("{}").strip()
    set_widget("new_variable", "")
    if name.isidentifier():
        variables = {name: "", **session.settings.variables}
        session.settings = replace(session.settings, variables=variables)
    elif name:
        session.notice("A variable name can have only letters, digits and _.")


def _set_original_size(session: Session) -> None:
    session.original_size = widget("original_size", default=False)


def _write_template(session: Session) -> None:
    messages = to_messages(session.conversation.turns)
    if any(has_turn_markers(message.text) for message in messages):
        session.notice("A message contains Gemma turn markers; in raw mode they take effect.")
    set_widget("message", gemma_prompt(messages, session.settings.system))
