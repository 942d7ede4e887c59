"""The bar above a conversation: the list of chats, the request, the link, a new chat."""

from urllib.parse import urlencode

import streamlit as st

from ..session import Session, set_widget_once, widget
from ..shell.links import CONVERSATION, settings_in_link, write_link
from .chat_list import open_drawer, start_chat


def window_title(session: Session) -> str:
    """Return the title of the browser tab, which never names a temporary chat."""
    conversation = session.conversation
    named = conversation.turns and not conversation.temporary
    return f"{conversation.name} · Cabochon" if named else "Cabochon"


def draw_toolbar(session: Session) -> None:
    """Draw the row of actions."""
    # Every full run closes what an earlier one opened.
    session.drawer = False
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="toolbar",
    ):
        if st.button("Chats", icon=":material/menu:", type="tertiary", key="open-chats"):
            open_drawer(session)
        with st.container(
            horizontal=True,
            horizontal_alignment="right",
            vertical_alignment="center",
            width="content",
        ):
            st.toggle(
                "Request",
                value=set_widget_once("show_request", session.show_request),
                key="show_request",
                on_change=_toggle,
                args=(session,),
            )
            _draw_link(session)
            st.button(
                "New chat",
                icon=":material/edit_square:",
                type="tertiary",
                on_click=_start,
                args=(session,),
            )


def _draw_link(session: Session) -> None:
    with st.popover("Link", icon=":material/link:", type="tertiary"):
        address = (st.context.url or "").split("?")[0]
        settings = settings_in_link(session)
        st.caption("Opens the playground with these settings. No messages, pictures, or secrets.")
        st.code(f"{address}?{urlencode(settings)}".rstrip("?"), language=None, wrap_lines=True)
        conversation = session.conversation
        if not conversation.version or conversation.temporary:
            return
        st.caption("This chat: anyone with this link can read it and continue in a copy.")
        chat = urlencode({CONVERSATION: conversation.id})
        st.code(f"{address}?{chat}", language=None, wrap_lines=True)


def _toggle(session: Session) -> None:
    session.show_request = widget("show_request", default=False)


def _start(session: Session) -> None:
    start_chat(session)
    write_link(session)
