"""Live refresh of the chat on screen, from other tabs and servers."""

import streamlit as st

from conversations import Conversation, StoreError

from ..session import Session, session
from .context_meter import draw_context_meter

WATCH = "watch"
"""The key of the fragment that does both."""

CHECK_SECONDS = 4.0
"""Seconds between checks."""


def draw_watch() -> None:
    """Draw how full the context window is, and regularly check for changes made elsewhere."""
    st.fragment(_watch, key=WATCH)()


def _watch() -> None:
    # Sending a message stops the browser's timers and reruns this, which restarts the inner one.
    st.fragment(_look, key="look", run_every=CHECK_SECONDS)()


def _look() -> None:
    current = session()
    conversation = current.conversation
    draw_context_meter(current)
    if not current.drawer and conversation.running is None and _changed(current, conversation):
        st.rerun()


def _changed(current: Session, conversation: Conversation) -> bool:
    try:
        if not current.conversations.has_changed(conversation):
            return False
        current.conversations.refresh(conversation)
    except StoreError:
        # The next write reports the error; the screen stays as it is.
        return False
    return True
