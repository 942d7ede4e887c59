"""The context meter: how full the model's context window is."""

import streamlit as st

from conversations import estimated_tokens

from ..current_backend import context_window
from ..session import Session

_WARNING = 0.8
"""The share of the window from which the meter warns."""


def draw_context_meter(current: Session) -> None:
    """Draw the estimated tokens of the next request, and a warning if the window is nearly full."""
    tokens = estimated_tokens(current.conversation.turns, current.settings)
    window = context_window(current)
    usage = f"about {tokens:,} of {window:,} tokens"
    if tokens < _WARNING * window:
        st.caption(usage)
    else:
        st.caption(f":orange[:material/warning: {tokens / window:.0%} full: {usage}]")
