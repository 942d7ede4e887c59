"""Message actions: switch variants, edit, delete and undo."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from conversations import Answer, Node, Question, ToolResults, Turn

from ..session import Session, set_widget_once, widget
from ..shell.save_status import try_change
from . import send_message
from .autofocus import draw_focus

Actions = Mapping[str, Callable[[], object]]
"""The actions of a menu by label, in menu order."""


_NAMES = {Question: "Question", ToolResults: "Results", Answer: "Answer"}


def draw_menu(
    session: Session, name: str, actions: Actions, *, key: str, everywhere: bool = True
) -> None:
    """Draw the button that opens the list of actions.

    An action reruns the whole page if `everywhere`.
    """
    st.menu_button(
        name,
        list(actions),
        key=key,
        icon=":material/more_horiz:",
        type="tertiary",
        on_click=_choose,
        args=(session, key, actions, everywhere),
    )


def question_actions(session: Session, question: Question) -> Actions:
    """Return the actions of a question."""
    return {
        "Edit and ask again": partial(_edit, session, question),
        "Delete the question": partial(_delete, session, question),
    }


def results_actions(session: Session, results: ToolResults) -> Actions:
    """Return the actions of tool results."""
    return {
        "Edit and send again": partial(_edit, session, results),
        "Delete the results": partial(_delete, session, results),
    }


def answer_actions(session: Session, turn: Turn, answer: Answer) -> Actions:
    """Return the actions of a finished answer."""
    return {
        "Regenerate": partial(send_message.regenerate, session, turn),
        "Continue": partial(send_message.continue_answer, session, turn),
        "Edit": partial(_edit, session, answer),
        "Use its settings": partial(_use_settings, session, answer),
        "Inspect": partial(_inspect, session, answer),
        "Delete the answer": partial(_delete, session, answer),
    }


def draw_variants(session: Session, node: Node, *, key: str) -> None:
    """Draw the arrows to the other variants of a message, if it has any."""
    variants = session.conversation.variants(node)
    if len(variants) < 2:  # noqa: PLR2004 - one is not a choice
        return
    position = next(at for at, each in enumerate(variants) if each.id == node.id)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", width="content", key=key
    ):
        previous = variants[position - 1] if position else None
        _draw_step(session, previous, "Previous variant", "left", key)
        st.caption(f"{position + 1}/{len(variants)}", width="content")
        following = variants[position + 1] if position + 1 < len(variants) else None
        _draw_step(session, following, "Next variant", "right", key)


def draw_editor(session: Session, node: Question | Answer) -> None:
    """Draw a message as editable text, in place."""
    st.text_area(
        "Message text",
        value=set_widget_once(_box(node), node.text),
        key=_box(node),
        label_visibility="collapsed",
        height="content",
    )
    draw_focus(_box(node))
    question = isinstance(node, Question)
    with st.container(horizontal=True):
        st.button(
            "Ask again" if question else "Save as another variant",
            key=f"edited-{node.id}",
            icon=":material/send:" if question else ":material/check:",
            on_click=_finish,
            args=(session, node),
            help=None if question else "The original answer is kept.",
        )
        st.button("Cancel", key=f"cancel-{node.id}", on_click=_cancel, args=(session,))


def draw_undo(session: Session) -> None:
    """Offer to undo the last deletion."""
    node = session.deleted_message
    if node is None:
        return
    what = _NAMES[type(node)]
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="undo"):
        st.caption(f"{what} deleted.", width="content")
        st.button(
            "Undo", icon=":material/undo:", type="tertiary", on_click=_restore, args=(session, node)
        )


def _draw_step(session: Session, to: Node | None, name: str, side: str, key: str) -> None:
    st.button(
        name,
        key=f"{key}-{side}",
        icon=f":material/chevron_{side}:",
        type="tertiary",
        disabled=to is None,
        on_click=_show if to else None,
        args=(session, to) if to else None,
    )


def _choose(session: Session, key: str, actions: Actions, everywhere: bool) -> None:  # noqa: FBT001 - a callback
    chosen = widget(key, "")
    session.deleted_message = None
    if chosen in actions:
        actions[chosen]()
    if everywhere:
        # Messages above or below can change too.
        st.rerun()


def _show(session: Session, node: Node) -> None:
    conversation = session.conversation
    session.editing = None
    try_change(session, lambda: session.conversations.show(conversation, node))
    st.rerun()


def _edit(session: Session, node: Node) -> None:
    session.editing = node.id


def _cancel(session: Session) -> None:
    session.editing = None


def _finish(session: Session, node: Question | Answer) -> None:
    text = widget(_box(node), node.text)
    if isinstance(node, Question):
        done = send_message.ask_edited(session, node, text)
    else:
        done = send_message.save_edited_answer(session, node, text)
    if done:
        session.editing = None
    st.rerun()


def _delete(session: Session, node: Node) -> None:
    conversation = session.conversation
    if not try_change(session, lambda: session.conversations.delete_message(conversation, node)):
        return
    session.deleted_message = node
    others = conversation.variants(node)
    if others and conversation.newest_below(node).id == node.id:
        # Nothing follows it, so no other message disappears.
        try_change(session, lambda: session.conversations.show(conversation, others[-1]))


def _restore(session: Session, node: Node) -> None:
    conversation = session.conversation
    if not try_change(session, lambda: session.conversations.restore_message(conversation, node)):
        return
    session.deleted_message = None
    if node.id not in {each.id for each in conversation.path()}:
        try_change(session, lambda: session.conversations.show(conversation, node))


def _use_settings(session: Session, answer: Answer) -> None:
    session.change_settings(answer.record.settings)
    session.notice("The answer's settings are now in use.")


def _inspect(session: Session, answer: Answer) -> None:
    session.inspected = answer.id


def _box(node: Node) -> str:
    return f"edit-{node.id}"
