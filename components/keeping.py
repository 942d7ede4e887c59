"""Whether what is said is being kept: changes that may fail, and what the page says of it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from conversations import BusyError, NotYoursError, Settings, StoreError

from .links import show_conversation, write_link
from .session import Session

STILL_WRITING = "An answer is still being written. Stop it first, or wait for its end."


def carry_out(session: Session, change: Callable[[], object]) -> bool:
    """Make a change to the conversation; False, with a notice, when that cannot be done.

    When the database does not work, the chat goes on in memory, and says so.
    """
    conversation = session.conversation
    try:
        try:
            change()
        except StoreError as error:
            if conversation.temporary:
                raise
            session.conversations.hold_in_memory(conversation, str(error))
            change()
    except BusyError:
        session.notice(STILL_WRITING)
    except NotYoursError:
        session.notice("This chat is somebody else's, or was deleted. Go on in a copy.")
    except StoreError as error:
        session.notice(f"{error} Nothing was changed.")
    else:
        write_link(session)
        return True
    return False


def keep_settings(session: Session) -> None:
    """Keep what is set with the conversation, so that it is there again after a reload.

    Of an empty chat only what the link does not carry is worth a place in the database.
    """
    conversation, settings = session.conversation, session.settings
    in_link = replace(Settings(), parameters=settings.parameters)
    worth_it = conversation.version or settings != in_link
    if worth_it and conversation.writable and conversation.settings != settings:
        conversation.settings = settings
        carry_out(session, lambda: session.conversations.keep_settings(conversation))


def draw_keeping(session: Session) -> None:
    """Say what is not as usual: that a chat is not saved, or only for a while."""
    conversation = session.conversation
    if conversation.problem:
        _draw_problem(session)
    elif conversation.temporary:
        st.caption(
            ":material/visibility_off: Temporary chat. Nothing of it is written down; it is gone "
            "when the app stops."
        )


def _draw_problem(session: Session) -> None:
    with st.container(border=True, key="not-saved"):
        st.markdown(
            f":orange[:material/cloud_off:] **This chat is not being saved.** "
            f"{session.conversation.problem} It goes on in memory until the app stops."
        )
        st.button(
            "Try to save it now",
            icon=":material/save:",
            on_click=_save_again,
            args=(session,),
        )


def draw_reading(session: Session) -> None:
    """Draw what stands in the composer's place where one can only read."""
    with st.container(border=True, key="read-only"):
        st.markdown(
            ":material/visibility: **You are reading somebody else's chat.** "
            "A copy of it is yours to go on with."
        )
        st.button(
            "Continue in a copy",
            icon=":material/content_copy:",
            on_click=_copy,
            args=(session,),
        )


def _save_again(session: Session) -> None:
    try:
        session.conversations.save_again(session.conversation)
    except StoreError as error:
        session.conversation.problem = str(error)
        session.notice(f"It still cannot be saved. {error}")
    else:
        session.notice("Saved.")


def _copy(session: Session) -> None:
    try:
        copied = session.conversations.copy(session.conversation, session.owner)
    except StoreError as error:
        session.notice(f"{error} No copy was made.")
    else:
        show_conversation(session, copied)
        write_link(session)
