"""Live refresh of the chat on screen from other tabs and servers, and its context meter."""

import streamlit as st

from conversations import Conversation, StoreError, estimated_tokens

from ..session import Session, session
from ..sidebar.backend_choice import context_window

WATCH = "watch"
"""The key of the fragment that does both."""

CHECK_SECONDS = 4.0
"""Seconds between checks."""

_WARNING = 0.8


def draw_watch() -> None:
    """Draw how full the context window is, and regularly check for changes made elsewhere."""
    st.fragment(_watch, key=WATCH)()


def _watch() -> None:
    # Sending a message stops the browser's timers and reruns this, which restarts the inner one.
    st.fragment(_look, key="look", run_every=CHECK_SECONDS)()


def _look() -> None:
    current = session()
    conversation = current.conversation
    _draw_meter(current)
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


def _draw_meter(current: Session) -> None:
    tokens = estimated_tokens(current.conversation.turns, current.settings)
    window = context_window(current)
    usage = f"about {tokens:,} of {window:,} tokens"
    if tokens < _WARNING * window:
        st.caption(usage)
    else:
        st.caption(f":orange[:material/warning: {tokens / window:.0%} full: {usage}]")
