"""What a page begins with."""

import streamlit as st

from .keeping import keep_settings
from .links import keep_link
from .session import Session, session
from .style import draw_style


def begin_page() -> Session:
    """Begin a wide page beside the playground: its link, its look, and what has been set kept."""
    current = session()
    keep_link(current)
    st.set_page_config(layout="wide")
    keep_settings(current)
    draw_style()
    return current
