"""What stands above a conversation: the request beside it, the link, a new chat."""

from urllib.parse import urlencode

import streamlit as st

from components.links import settings_in_link
from components.session import Session, seed_widget, widget
from conversations import Conversation


def draw_toolbar(session: Session) -> None:
    """Draw the row of actions."""
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="toolbar"
    ):
        seed_widget("show_request", session.show_request)
        st.toggle("Request", key="show_request", on_change=_toggle, args=(session,))
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
        st.caption("Opens the playground with these settings. No messages, pictures or secrets.")
        address = (st.context.url or "").split("?")[0]
        st.code(f"{address}?{urlencode(settings_in_link(session))}".rstrip("?"), language=None)


def _toggle(session: Session) -> None:
    session.show_request = widget("show_request", default=False)


def _start(session: Session) -> None:
    session.conversation = Conversation()
    session.pending.clear()
