"""Short notices that pass by: what a callback had to say."""

import time

import streamlit as st

from components.markdown_inline import escaped
from components.session import Session

_DRAWN_AGAIN = 3.0
"""Seconds in which later runs draw a notice again: what a run leaves out, the page drops."""


def draw_notices(session: Session) -> None:
    """Show what has gathered since the last run."""
    now = time.monotonic()
    session.notices = [each for each in session.notices if each.ends > now]
    for notice in session.notices:
        notice.ends = min(notice.ends, now + _DRAWN_AGAIN)
        st.toast(escaped(notice.text), icon=":material/info:", duration="long")
