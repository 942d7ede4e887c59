"""Noticing what other tabs and servers do with the chat on screen, and how full its window is."""

import streamlit as st

from conversations import Conversation, StoreError, estimated_tokens

from .backend import context_window
from .session import Session, session

WATCH = "watch"
"""The name of the fragment that does both."""

EVERY = 4.0
"""Seconds between two looks."""

_WARNING = 0.8


def draw_watch() -> None:
    """Say how full the context window is, and look from time to time what has changed elsewhere."""
    st.fragment(_watch, key=WATCH)()


def _watch() -> None:
    # A send runs this anew, and stops the browser's timers: the one inside is begun again by that.
    st.fragment(_look, key="look", run_every=EVERY)()


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
        # Whoever writes next is told; what is on screen stays.
        return False
    return True


def _draw_meter(current: Session) -> None:
    tokens = estimated_tokens(current.conversation.turns, current.settings)
    window = context_window(current)
    words = f"about {tokens:,} of {window:,} tokens"
    if tokens < _WARNING * window:
        st.caption(words)
    else:
        st.caption(f":orange[:material/warning: {tokens / window:.0%} full: {words}]")
