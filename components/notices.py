"""Short notices that pass by: what a callback had to say."""

import streamlit as st

from components.markdown_inline import escaped
from components.session import Session


def draw_notices(session: Session) -> None:
    """Show what has gathered since the last run, once."""
    for notice in session.notices:
        st.toast(escaped(notice), icon=":material/info:", duration="long")
    session.notices.clear()
