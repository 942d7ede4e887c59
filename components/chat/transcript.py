"""The conversation on the page: a history drawn by full runs, then slots for later turns.

A sent message reruns only its slot, so it costs the same after 5 turns as after 400.
"""

from collections.abc import Callable

import streamlit as st

from conversations import Question, Turn

from ..session import Session, full_run, in_full_run, session
from ..shell.notices import draw_new_notices
from . import send_message
from .answer_view import Actions, draw_answer
from .message_actions import draw_editor, draw_menu, draw_variants, question_actions
from .picture_cards import draw_pictures
from .tool_calls import draw_results, run_tool_round
from .welcome import draw_welcome

SLOTS = 12
"""Turns drawn one by one before a full run folds them into the history."""

_ATTACH = 0.1
_MORE = 50


def draw_transcript(current: Session, *, welcome: bool = True) -> None:
    """Draw the conversation, with empty slots for the next turns.

    With `welcome`, an empty conversation shows the greeting.
    """
    turns = current.conversation.turns
    running = current.conversation.running is not None
    current.attached = running
    current.folded = len(turns) - 1 if running else len(turns)
    first = max(0, current.folded - current.shown)
    if first:
        st.button(
            f"Show earlier ({first})",
            icon=":material/expand_less:",
            on_click=_show_more,
            args=(current,),
        )
    with full_run():
        for position in range(first, current.folded):
            draw_turn(current, turns[position], position)
        for slot in range(SLOTS):
            attach = _ATTACH if running and slot == 0 else None
            st.fragment(_draw_slot, key=slot_key(slot), run_every=attach)(slot, welcome)


def slot_key(slot: int) -> str:
    """Return the key of a slot's fragment."""
    return f"slot-{slot}"


def slot_of_last_turn(current: Session) -> str | None:
    """Return the key of the last turn's fragment, None if no full run laid one out."""
    slot = len(current.conversation.turns) - 1 - current.folded
    return slot_key(slot) if 0 <= slot < SLOTS else None


def draw_turn(current: Session, turn: Turn, position: int) -> None:
    """Draw a question, or tool results, and the answer."""
    key = str(position)
    last = position == len(current.conversation.turns) - 1
    actions = _actions(current) if last and current.conversation.writable else None
    if isinstance(turn.question, Question):
        _draw_question(current, turn.question, key=key)
    elif turn.question:
        draw_results(current, turn.question, key=key)
    if turn.answer:
        draw_answer(current, turn, turn.answer, actions, key=key)
    elif actions:
        _draw_unanswered(turn, actions, key=key)


def _draw_question(current: Session, question: Question, *, key: str) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        draw_pictures(question.pictures, key=key)
        if current.editing == question.id:
            draw_editor(current, question)
            return
        with st.container(
            horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"said-{key}"
        ):
            st.text(question.text, width="stretch")
            draw_variants(current, question, key=f"variants-{question.id}")
            if current.conversation.writable:
                menu = question_actions(current, question)
                draw_menu(current, "Question actions", menu, key=f"menu-question-{question.id}")


def _draw_unanswered(turn: Turn, actions: Actions, *, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"unanswered-{key}"):
        st.caption("No answer yet.", width="content")
        st.button(
            "Ask",
            icon=":material/send:",
            key=f"ask-{key}",
            on_click=actions.retry,
            args=(turn,),
        )


def _draw_slot(slot: int, welcome: bool) -> None:  # noqa: FBT001 - a fragment's argument
    current = session()
    if not in_full_run():
        draw_new_notices(current)
    turns = current.conversation.turns
    position = current.folded + slot
    if welcome and position == 0 and not turns:
        draw_welcome(current)
    if position >= len(turns):
        return
    draw_turn(current, turns[position], position)
    if not in_full_run() and not current.drawer and _goes_on(current, turns[position]):
        st.rerun()
    if current.attached and slot == 0 and not in_full_run() and not current.drawer:
        # The browser would keep polling this slot; a full run lays out one that it does not poll.
        st.rerun()


def _goes_on(current: Session, turn: Turn) -> bool:
    """Return whether more than the slot must be drawn: tools run, or wait for a person."""
    calls = turn.answer.calls if turn.answer else None
    return run_tool_round(current) or (current.rounds.automatic and calls is not None)


def _actions(current: Session) -> Actions:
    return Actions(
        retry=lambda turn: send_message.regenerate(current, turn),
        built_in=lambda turn: _and_sidebar(send_message.switch_to_built_in, current, turn),
        continue_answer=lambda turn: send_message.continue_answer(current, turn),
        raise_limit=lambda turn: _and_sidebar(send_message.retry_with_more_tokens, current, turn),
    )


def _and_sidebar(action: Callable[[Session, Turn], None], current: Session, turn: Turn) -> None:
    """Run an action that also changes the settings, and redraw the whole page."""
    action(current, turn)
    st.rerun()


def _show_more(current: Session) -> None:
    current.shown += _MORE
