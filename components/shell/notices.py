"""Toasts: short notices that callbacks leave behind."""

import math
import time

import streamlit as st

from ..session import Session
from ..text.markdown_inline import escaped

_DRAWN_AGAIN = 3.0
"""Seconds for which later runs redraw a notice: the page drops what a run leaves out."""


def draw_new_notices(session: Session) -> None:
    """Show the notices not shown yet, once: in a fragment, whose next run drops them."""
    for notice in session.notices:
        if notice.ends == math.inf:
            notice.ends = 0
            st.toast(escaped(notice.text), icon=":material/info:", duration="long")


def draw_notices(session: Session) -> None:
    """Show the notices that have gathered since the last run."""
    now = time.monotonic()
    session.notices = [each for each in session.notices if each.ends > now]
    for notice in session.notices:
        notice.ends = min(notice.ends, now + _DRAWN_AGAIN)
        st.toast(escaped(notice.text), icon=":material/info:", duration="long")
