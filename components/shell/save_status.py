"""Whether the chat is saved: changes that can fail, and what the page shows about it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from conversations import BusyError, NotYoursError, Settings, StoreError

from ..session import Session
from .links import show_conversation, write_link

STILL_WRITING = "An answer is still being written. Stop it, or wait until it ends."


def try_change(session: Session, change: Callable[[], object]) -> bool:
    """Change the conversation; return False, with a notice, if that fails.

    If the database fails, the chat continues in memory, and the page says so.
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
        session.notice("This chat belongs to someone else, or was deleted. Continue in a copy.")
    except StoreError as error:
        session.notice(f"{error} Nothing was changed.")
    else:
        write_link(session)
        return True
    return False


def keep_settings(session: Session) -> None:
    """Save the settings with the conversation, so that a reload restores them.

    An empty chat is saved only for settings that the link does not carry.
    """
    conversation, settings = session.conversation, session.settings
    in_link = replace(Settings(), parameters=settings.parameters)
    worth_it = conversation.version or settings != in_link
    if worth_it and conversation.writable and conversation.settings != settings:
        conversation.settings = settings
        try_change(session, lambda: session.conversations.keep_settings(conversation))


def draw_save_status(session: Session) -> None:
    """Draw a note if the chat is temporary or cannot be saved."""
    conversation = session.conversation
    if conversation.problem:
        _draw_problem(session)
    elif conversation.temporary:
        st.caption(
            ":material/visibility_off: Temporary chat. It is never saved to disk and is gone when "
            "the app stops."
        )


def _draw_problem(session: Session) -> None:
    with st.container(border=True, key="not-saved"):
        st.markdown(
            f":orange[:material/cloud_off:] **This chat is not being saved.** "
            f"{session.conversation.problem} It stays in memory until the app stops."
        )
        st.button(
            "Try saving again",
            icon=":material/save:",
            on_click=_save_again,
            args=(session,),
        )


def draw_read_only(session: Session) -> None:
    """Draw what replaces the composer in a read-only chat."""
    with st.container(border=True, key="read-only"):
        st.markdown(
            ":material/visibility: **You are reading someone else's chat.** "
            "Make your own copy to continue."
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
        session.notice(f"The chat still cannot be saved. {error}")
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
