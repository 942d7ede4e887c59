"""Short notices that pass by: what a callback had to say."""

import math
import time

import streamlit as st

from .markdown_inline import escaped
from .session import Session

_DRAWN_AGAIN = 3.0
"""Seconds in which later runs draw a notice again: what a run leaves out, the page drops."""


def draw_new_notices(session: Session) -> None:
    """Show what nobody has shown yet, once: within a fragment, whose next run drops it."""
    for notice in session.notices:
        if notice.ends == math.inf:
            notice.ends = 0
            st.toast(escaped(notice.text), icon=":material/info:", duration="long")


def draw_notices(session: Session) -> None:
    """Show what has gathered since the last run."""
    now = time.monotonic()
    session.notices = [each for each in session.notices if each.ends > now]
    for notice in session.notices:
        notice.ends = min(notice.ends, now + _DRAWN_AGAIN)
        st.toast(escaped(notice.text), icon=":material/info:", duration="long")
