"""What surrounds a message: system prompt, form, how the answer begins, variables, adapter."""

from dataclasses import replace
from typing import Any

import streamlit as st

from conversations import Settings, told
from workers_ai import gemma_prompt, has_gemma_marks

from .session import Session, seed_widget, set_widget, widget

PREFILL_ONLY_BUILT_IN = (
    "Workers AI does not say that it goes on from a begun answer, so this is not sent there in the "
    "form `messages`. In the form `prompt` with `raw` it is."
)


def draw_prompting(session: Session) -> None:
    """Draw all of it, for the sidebar."""
    mine = ("system", "form", "lora", "prefill", "variables")
    in_use = any(getattr(session.settings, name) != getattr(Settings(), name) for name in mine)
    mark = " · in use" if in_use else ""
    with st.expander(f"System prompt, form, LoRA{mark}", icon=":material/tune:", key="prompting"):
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
        "Begin the answer with",
        value=set_widget("prefill", session.settings.prefill),
        key="prefill",
        placeholder="not sent",
        height=68,
        help="The answer goes on from this text, where the backend can do that.",
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
    """Help with what `raw` asks for: the model's own format, written out."""
    st.button(
        "Write the chat as a raw prompt",
        icon=":material/article:",
        width="stretch",
        on_click=_write_template,
        args=(session,),
        help="Puts the chat so far into Gemma's own format, in the message box. Write your message "
        "where it ends, before the model's turn, and send it.",
    )


def _draw_variables(session: Session) -> None:
    st.caption("Variables: `{{name}}` in a message or the system prompt stands for a value.")
    for name, value in session.settings.variables.items():
        st.text_input(
            f"`{name}`",
            value=set_widget(f"variable-{name}", value),
            key=f"variable-{name}",
            placeholder="no value: nothing is sent yet",
            on_change=_set_variable,
            args=(session, name),
        )
    st.text_input(
        "New variable",
        key="new_variable",
        placeholder="name, then Enter",
        label_visibility="collapsed",
        validate=(r"^[A-Za-z_]\w*$", "Letters, digits and _, not a digit first."),
        on_change=_add_variable,
        args=(session,),
    )


def _draw_adapter(session: Session) -> None:
    st.text_input(
        "`lora`",
        value=set_widget("lora", session.settings.lora),
        key="lora",
        placeholder="not sent",
        help="The name or id of a LoRA finetune of your account.",
        on_change=_set,
        args=(session, "lora"),
    )
    st.toggle(
        "Pictures in original size",
        value=seed_widget("original_size", session.original_size),
        key="original_size",
        help="Otherwise the longest side is at most 1792 pixels.",
        on_change=_set_original_size,
        args=(session,),
    )


def _set(session: Session, name: str) -> None:
    given: dict[str, Any] = {name: widget(name, "") or ""}
    session.settings = replace(session.settings, **given)


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
        session.notice("A variable's name has letters, digits and _ only.")


def _set_original_size(session: Session) -> None:
    session.original_size = widget("original_size", default=False)


def _write_template(session: Session) -> None:
    messages = told(session.conversation.turns)
    if any(has_gemma_marks(message.text) for message in messages):
        session.notice("A message has marks of turns in its text: they work as such in here.")
    set_widget("message", gemma_prompt(messages, session.settings.system))
